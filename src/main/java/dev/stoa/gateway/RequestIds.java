package dev.stoa.gateway;

import dev.stoa.service.Uuid7;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.regex.Pattern;

/**
 * The id under which a request is found in all logs: the client's if it is harmless, else a new
 * one.
 */
final class RequestIds {
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Uuid7 ids = new Uuid7(InstantSource.system());

  String of(HttpServerRequest request) {
    String given = request.getHeader(Exchange.REQUEST_ID);
    return given != null && HARMLESS.matcher(given).matches() ? given : ids.next();
  }
}
