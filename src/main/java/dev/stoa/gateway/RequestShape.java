package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Refuses what is well-formed HTTP (the {@code edge} has seen to that) and yet may be understood
 * differently by us and by an upstream.
 */
final class RequestShape {
  private static final Pattern AUTHORITY =
      Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");

  /** Fields with one value: some servers take the first of two, some the last. */
  private static final List<CharSequence> SINGLE =
      Stream.of("Authorization", "Content-Type", "Content-Length", "Expect", "Idempotency-Key")
          .map(HttpHeaders::createOptimized)
          .toList();

  private static final CharSequence NAMELESS = HttpHeaders.createOptimized("");

  /**
   * What {@code Connection} must not nominate: a client could have us drop what those behind us
   * decide by (RFC 9110, section 7.6.1).
   */
  private static final Set<String> END_TO_END =
      Set.of(
          "authorization",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "forwarded",
          "host",
          "idempotency-key",
          "x-request-id");

  private RequestShape() {}

  /** Checks head and target. */
  static RequestPath check(Exchange exchange) {
    MultiMap headers = exchange.headers();
    if (!Methods.KNOWN.contains(exchange.method())) {
      throw Refusals.methodNotAllowed(Methods.KNOWN);
    }
    if (headers.contains(NAMELESS)) {
      throw malformed("A header field has no name.");
    }
    for (int i = 0; i < SINGLE.size(); i++) {
      checkSingle(headers, SINGLE.get(i));
    }
    if (headers.contains(HttpHeaders.CONNECTION)) {
      headers.getAll(HttpHeaders.CONNECTION).forEach(RequestShape::checkNominations);
    }
    if (!exchange.isQuestion() && exchange.request().version() == HttpVersion.HTTP_2) {
      checkAuthority(exchange.request());
    }
    checkExpectation(headers);
    return RequestPath.parse(exchange.uri());
  }

  private static void checkSingle(MultiMap headers, CharSequence name) {
    if (headers.contains(name) && headers.getAll(name).size() > 1) {
      throw malformed("There must be one " + name + " field.");
    }
  }

  private static void checkNominations(String names) {
    for (String name : names.toLowerCase(Locale.ROOT).split(",")) {
      String nominated = name.strip();
      if (END_TO_END.contains(nominated) || nominated.startsWith("x-forwarded-")) {
        throw malformed("The Connection field nominates a field that is not about the connection.");
      }
    }
  }

  private static void checkAuthority(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    String authority = host == null ? String.valueOf(request.authority()) : host;
    if (request.authority() == null || !AUTHORITY.matcher(authority).matches()) {
      throw malformed("There must be one well-formed authority.");
    }
  }

  private static void checkExpectation(MultiMap headers) {
    String expected = headers.get(HttpHeaders.EXPECT);
    if (expected != null && !"100-continue".equalsIgnoreCase(expected)) {
      throw new ProblemException(
          ProblemType.EXPECTATION_FAILED, "The only expectation met is 100-continue.");
    }
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(ProblemType.MALFORMED_REQUEST, detail);
  }
}
