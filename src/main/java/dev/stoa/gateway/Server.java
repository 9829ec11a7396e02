package dev.stoa.gateway;

import io.vertx.core.net.SocketAddress;

/**
 * An instance as it is talked to, worked out once for many requests. Immutable.
 *
 * @param address its host name is also what a TLS certificate must match
 * @param authority the {@code Host} that it expects
 */
record Server(Target target, SocketAddress address, String authority) {
  static Server of(Target target) {
    SocketAddress address = SocketAddress.inetSocketAddress(target.port(), target.host());
    return new Server(target, address, target.authority());
  }
}
