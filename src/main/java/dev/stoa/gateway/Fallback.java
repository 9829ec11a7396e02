package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a client gets in the place of an upstream that fails: {@code fallback} of a route. First the
 * last good answer to the same GET, where that is wanted and there is one, then the fixed answer.
 *
 * @param lastGood how old a last good answer may be; empty where none are kept
 * @param fixed empty where there is none
 */
record Fallback(Optional<Duration> lastGood, Optional<StandIn> fixed) {

  /** An answer that is always the same. */
  record Fixed(int status, String contentType, Buffer body) implements StandIn {
    @Override
    public void write(HttpServerResponse response) {
      response
          .setStatusCode(status)
          .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end(body);
    }
  }

  private static final Duration DEFAULT_MAX_AGE = Duration.ofMinutes(10);

  /** What says that the upstream failed, and not the client. */
  private static final Set<ProblemType> FAILURES =
      Set.of(
          ProblemType.BAD_GATEWAY,
          ProblemType.SERVICE_UNAVAILABLE,
          ProblemType.OVERLOADED,
          ProblemType.GATEWAY_TIMEOUT,
          ProblemType.DEADLINE_EXCEEDED);

  static Optional<Fallback> from(ConfigReader route) {
    if (!route.has("fallback")) {
      return Optional.empty();
    }
    ConfigReader own = route.section("fallback");
    Optional<Duration> lastGood =
        own.bool("last_good", false)
            ? Optional.of(own.duration("max_age", DEFAULT_MAX_AGE))
            : Optional.empty();
    Optional<StandIn> fixed = own.has("body") ? Optional.of(fixed(own)) : Optional.empty();
    if (lastGood.isEmpty() && fixed.isEmpty()) {
      route.error("fallback", "a body, or last_good: true");
      return Optional.empty();
    }
    return Optional.of(new Fallback(lastGood, fixed));
  }

  private static Fixed fixed(ConfigReader own) {
    Object body = own.value("body").orElse("");
    boolean json = body instanceof JsonObject || body instanceof JsonArray;
    Buffer bytes =
        body instanceof JsonObject object
            ? object.toBuffer()
            : body instanceof JsonArray array
                ? array.toBuffer()
                : Buffer.buffer(String.valueOf(body));
    String type = own.string("content_type", json ? "application/json" : "text/plain");
    if (!type.matches("[\\x20-\\x7e]+")) {
      own.error("content_type", "a media type");
    }
    return new Fixed(own.integer("status", 200, 200, 599), type, bytes);
  }

  /** Whether good answers to such a request are kept. */
  boolean keeps(HttpServerRequest request) {
    return lastGood.isPresent() && request.method() == HttpMethod.GET;
  }

  /** What there is in the place of the upstream's answer to that caller. */
  Optional<StandIn> standIn(
      LastGoodAnswers answers, String route, HttpServerRequest request, Optional<Identity> caller) {
    Optional<StandIn> kept =
        keeps(request) ? answers.find(route, request, caller, lastGood.get()) : Optional.empty();
    return kept.or(() -> fixed);
  }

  /** Whether it stands in for an answer of such a status. */
  static boolean replaces(int status) {
    return status >= 502 && status <= 504;
  }

  /** Whether it stands in for such a failure. */
  static boolean replaces(ProblemType failure) {
    return FAILURES.contains(failure);
  }
}
