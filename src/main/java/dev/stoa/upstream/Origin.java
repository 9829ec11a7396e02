package dev.stoa.upstream;

import io.vertx.core.net.SocketAddress;
import java.util.Objects;

/**
 * A server that connections lead to.
 *
 * @param address its host name is also what a certificate must be for
 * @param tls whether it is spoken to over TLS
 */
public record Origin(SocketAddress address, boolean tls) {
  public Origin {
    Objects.requireNonNull(address, "address");
  }
}
