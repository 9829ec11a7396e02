package dev.stoa.gateway;

import dev.stoa.discovery.HashKey;
import dev.stoa.discovery.KeySource;
import dev.stoa.service.Identity;
import io.vertx.core.http.Cookie;
import java.util.Optional;

/** What consistent hashing tells the requests of a route apart by. */
final class RequestKey {
  private RequestKey() {}

  static long of(KeySource source, Exchange exchange, Optional<Identity> caller) {
    String key =
        switch (source.kind()) {
          case CLIENT -> null;
          case USER -> caller.map(Identity::userId).orElse(null);
          case HEADER -> exchange.request().getHeader(source.name());
          case COOKIE -> cookie(exchange.request().getCookie(source.name()));
          case PATH -> exchange.path().path();
        };
    return HashKey.of(key == null ? exchange.client() : key);
  }

  private static String cookie(Cookie cookie) {
    return cookie == null ? null : cookie.getValue();
  }
}
