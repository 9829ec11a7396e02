package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which pages of other origins may use the API from a browser (the CORS protocol of the Fetch
 * standard). The gateway alone decides: it answers preflights, before anyone is asked for a token,
 * and its fields take the place of the upstreams'. Without the section {@code cors} it does
 * neither. Immutable.
 *
 * @param headers in lower case; {@code *} for all
 * @param exposed as the field has them; empty for none
 */
record Cors(
    boolean enabled,
    Origins origins,
    List<String> methods,
    Set<String> headers,
    CharSequence exposed,
    boolean credentials,
    Duration maxAge) {

  private static final List<String> DEFAULT_METHODS =
      List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
  private static final List<String> DEFAULT_HEADERS =
      List.of("Authorization", "Content-Type", "Idempotency-Key", "X-Request-Id");
  private static final List<String> DEFAULT_EXPOSED =
      List.of(
          "Idempotency-Replayed",
          "Location",
          "RateLimit",
          "RateLimit-Policy",
          "Retry-After",
          "X-Request-Id");

  /** Never worth a preflight question of their own (Fetch, section 2.2.2). */
  private static final Set<String> SAFE =
      Set.of("accept", "accept-language", "content-language", "content-type");

  /** Those of an upstream give way. */
  private static final List<CharSequence> RESPONSE_FIELDS =
      List.of(
          HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN,
          HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS,
          HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS,
          HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
          HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS,
          HttpHeaders.ACCESS_CONTROL_MAX_AGE,
          HttpHeaders.createOptimized("access-control-allow-private-network"));

  private static final CharSequence BY_ORIGIN = HttpHeaders.createOptimized("Origin");
  private static final CharSequence ANY = HttpHeaders.createOptimized("*");
  private static final CharSequence YES = HttpHeaders.createOptimized("true");

  static Cors from(ConfigReader root) {
    ConfigReader own = root.section("cors");
    List<String> texts = own.strings("allowed_origins", List.of());
    Origins none = Origins.parse(List.of()).orElseThrow();
    Origins origins = Origins.parse(texts).orElse(none);
    for (int i = 0; i < texts.size(); i++) {
      if (Origins.parse(List.of(texts.get(i))).isEmpty()) {
        own.itemError("allowed_origins", i, "an origin like https://shop.example:8443, or *");
      }
    }
    boolean credentials = own.bool("allow_credentials", false);
    if (origins.any() && credentials) {
      own.error("allow_credentials", "false, since allowed_origins holds *");
    } else if (origins.any()) {
      own.warn("allowed_origins", "* lets every site's pages call this API");
    }
    return new Cors(
        root.has("cors"),
        origins,
        methods(own),
        lowerCase(own.strings("allowed_headers", DEFAULT_HEADERS)),
        HttpHeaders.createOptimized(
            String.join(", ", own.strings("exposed_headers", DEFAULT_EXPOSED))),
        credentials,
        own.duration("max_age", Duration.ofMinutes(10)));
  }

  /** Whether a browser asks if it may send another request (Fetch, section 3.2.2). */
  boolean isPreflight(Exchange exchange) {
    return enabled
        && exchange.method().equals(HttpMethod.OPTIONS)
        && exchange.headers().contains(HttpHeaders.ORIGIN)
        && exchange.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
  }

  /**
   * Writes the answer's fields.
   *
   * @throws ProblemException FORBIDDEN where the request asked for would not be allowed
   */
  void answerPreflight(MultiMap request, MultiMap response) {
    String asked = request.get(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
    response.add(HttpHeaders.VARY, "Access-Control-Request-Method");
    response.add(HttpHeaders.VARY, "Access-Control-Request-Headers");
    if (!origins.allow(request.get(HttpHeaders.ORIGIN))
        || !methods.contains(request.get(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD))
        || asked != null && !headersAllowed(asked)) {
      throw new ProblemException(
          ProblemType.FORBIDDEN, "The page's origin may not send such a request.");
    }
    response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", methods));
    response.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Long.toString(maxAge.toSeconds()));
    if (asked != null) {
      response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, asked);
    }
  }

  /**
   * Has the fields written that every response carries, be it an upstream's or a refusal, when all
   * others are there. (A streamed answer to HTTP/1.0 goes without: no browser asked for it.)
   */
  void decorateLater(HttpServerRequest request, boolean preflight) {
    if (enabled) {
      HttpServerResponse response = request.response();
      String origin = request.headers().get(HttpHeaders.ORIGIN);
      response.headersEndHandler(v -> decorate(origin, response.headers(), preflight));
    }
  }

  private void decorate(String origin, MultiMap response, boolean preflight) {
    if (!preflight) {
      for (int i = 0; i < RESPONSE_FIELDS.size(); i++) {
        response.remove(RESPONSE_FIELDS.get(i));
      }
    }
    if (!origins.any()) {
      response.add(HttpHeaders.VARY, BY_ORIGIN);
    }
    if (origin == null || !origins.allow(origin)) {
      return;
    }
    response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origins.any() ? ANY : origin);
    if (credentials) {
      response.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, YES);
    }
    if (!preflight && exposed.length() > 0) {
      response.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
  }

  private boolean headersAllowed(String asked) {
    if (headers.contains("*")) {
      return true;
    }
    for (String name : asked.split(",")) {
      String field = name.strip().toLowerCase(Locale.ROOT);
      if (!headers.contains(field) && !SAFE.contains(field)) {
        return false;
      }
    }
    return true;
  }

  private static List<String> methods(ConfigReader own) {
    List<String> methods = new ArrayList<>();
    List<String> texts = own.strings("allowed_methods", DEFAULT_METHODS);
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      if (text.equals("*")) {
        methods.addAll(DEFAULT_METHODS);
      } else if (Methods.parse(text).isPresent()) {
        methods.add(Methods.parse(text).get().name());
      } else {
        own.itemError("allowed_methods", i, "one of " + Methods.allow(Methods.KNOWN));
      }
    }
    return methods.stream().distinct().toList();
  }

  private static Set<String> lowerCase(List<String> names) {
    Set<String> lower = new TreeSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }
}
