package dev.stoa.gateway;

import dev.stoa.discovery.HashKey;
import dev.stoa.discovery.KeySource;
import dev.stoa.service.Identity;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/** What consistent hashing tells the requests of a route apart by. */
final class RequestKey {
  private RequestKey() {}

  static long of(KeySource source, Exchange exchange, Optional<Identity> caller) {
    String key =
        switch (source.kind()) {
          case CLIENT -> null;
          case USER -> caller.map(Identity::userId).orElse(null);
          case HEADER -> exchange.headers().get(source.name());
          case COOKIE -> cookie(exchange, source.name());
          case PATH -> exchange.path().path();
        };
    return HashKey.of(key == null ? exchange.client() : key);
  }

  private static String cookie(Exchange exchange, String name) {
    List<String> fields = exchange.headers().getAll(HttpHeaders.COOKIE);
    if (fields.isEmpty()) {
      return null;
    }
    return ServerCookieDecoder.STRICT.decode(String.join("; ", fields)).stream()
        .filter(cookie -> cookie.name().equals(name))
        .findFirst()
        .map(Cookie::value)
        .orElse(null);
  }
}
