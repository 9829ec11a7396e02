package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes a compact JWS (RFC 7515, section 7.1) apart and insists on the exact shape that we issue,
 * before any key sees it: the libraries below accept trailing dots, {@code crit}, {@code b64}, and
 * times that are no numbers.
 */
final class TokenParser {
  private static final String SCHEME = "Bearer";
  private static final int MAX_LENGTH = 8_192;
  private static final int MAX_ROLES = 64;
  private static final long MAX_TIME = 253_402_300_799L; // the end of the year 9999
  private static final Pattern COMPACT =
      Pattern.compile("([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)");

  /**
   * A token in parts, proven by nothing yet.
   *
   * @param kid empty where the header names none
   * @param expiry {@code exp}, seconds since the epoch
   * @param notBefore {@code nbf}, or 0
   */
  record ParsedToken(
      String compact,
      String algorithm,
      String kid,
      Identity identity,
      long expiry,
      long notBefore) {}

  private TokenParser() {}

  /** The token of an {@code Authorization} header (RFC 6750, section 2.1). */
  static String bearer(String authorization) {
    if (authorization == null || authorization.isBlank()) {
      throw Unauthorized.missing();
    }
    String text = authorization.strip();
    int end = text.indexOf(' ');
    int length = end < 0 ? text.length() : end;
    if (length != SCHEME.length() || !text.regionMatches(true, 0, SCHEME, 0, length)) {
      throw Unauthorized.missing();
    }
    if (end < 0) {
      throw Unauthorized.malformed();
    }
    int start = end;
    while (text.charAt(start) == ' ') {
      start++;
    }
    return text.substring(start);
  }

  static ParsedToken parse(String compact) {
    var parts = COMPACT.matcher(compact.length() > MAX_LENGTH ? "" : compact);
    if (!parts.matches()) {
      throw Unauthorized.malformed();
    }
    JsonObject header = decode(parts.group(1));
    JsonObject claims = decode(parts.group(2));
    String type = text(header, "typ", "JWT");
    if (header.containsKey("crit") || header.containsKey("b64") || !type.equalsIgnoreCase("JWT")) {
      throw Unauthorized.malformed();
    }
    time(claims, "iat", 0);
    String subject = text(claims, "sub", null);
    Identity identity =
        new Identity(
            text(claims, "user_id", subject), text(claims, "username", subject), roles(claims));
    return new ParsedToken(
        compact,
        text(header, "alg", null),
        text(header, "kid", ""),
        identity,
        time(claims, "exp", -1),
        time(claims, "nbf", 0));
  }

  private static JsonObject decode(String part) {
    try {
      Optional<JsonObject> json = StrictJson.object(Base64.getUrlDecoder().decode(part));
      return json.orElseThrow(Unauthorized::malformed);
    } catch (IllegalArgumentException e) {
      throw Unauthorized.malformed();
    }
  }

  private static String text(JsonObject json, String name, String absent) {
    Object value = json.containsKey(name) ? json.getValue(name) : absent;
    if (value instanceof String text && (!text.isEmpty() || text.equals(absent))) {
      return text;
    }
    throw Unauthorized.malformed();
  }

  /** A time claim; {@code absent} below 0 makes it mandatory. */
  private static long time(JsonObject claims, String name, long absent) {
    if (!claims.containsKey(name) && absent >= 0) {
      return absent;
    }
    Object value = claims.getValue(name);
    if (value instanceof Integer || value instanceof Long) {
      long seconds = ((Number) value).longValue();
      if (seconds >= 0 && seconds <= MAX_TIME) {
        return seconds;
      }
    }
    throw Unauthorized.malformed();
  }

  private static Set<String> roles(JsonObject claims) {
    if (!claims.containsKey("roles")) {
      return Set.of();
    }
    Set<String> roles = new HashSet<>();
    if (claims.getValue("roles") instanceof JsonArray array && array.size() <= MAX_ROLES) {
      for (Object role : array) {
        if (!(role instanceof String text)) {
          throw Unauthorized.malformed();
        }
        roles.add(text);
      }
      return roles;
    }
    throw Unauthorized.malformed();
  }

  /** The four ways to be refused, with their challenge (RFC 6750, section 3). */
  static final class Unauthorized {
    private Unauthorized() {}

    static ProblemException missing() {
      return new ProblemException(ProblemType.MISSING_TOKEN, "This request needs a bearer token.")
          .withHeader("WWW-Authenticate", "Bearer realm=\"stoa\"");
    }

    static ProblemException malformed() {
      return refused(ProblemType.MALFORMED_TOKEN, "The token is not a well-formed JWT.");
    }

    static ProblemException expired() {
      return refused(ProblemType.EXPIRED_TOKEN, "The token has expired; log in again.");
    }

    static ProblemException invalid() {
      return refused(ProblemType.INVALID_TOKEN, "The token is not one of ours.");
    }

    private static ProblemException refused(ProblemType type, String detail) {
      return new ProblemException(type, detail)
          .withHeader(
              "WWW-Authenticate",
              "Bearer realm=\"stoa\", error=\"invalid_token\", error_description=\""
                  + detail
                  + "\"");
    }
  }
}
