package dev.stoa.gateway;

import dev.stoa.service.Uuid7;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

/**
 * The id under which a request is found in all logs: the client's if it is harmless, else a new
 * one. For one event loop.
 */
final class RequestIds {
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** They open nothing, so they need be unique and no more. */
  private final Uuid7 ids =
      new Uuid7(InstantSource.system(), new SplittableRandom(new SecureRandom().nextLong()));

  String of(HttpServerRequest request) {
    String given = request.getHeader(Exchange.REQUEST_ID_FIELD);
    return given != null && HARMLESS.matcher(given).matches() ? given : ids.next();
  }
}
