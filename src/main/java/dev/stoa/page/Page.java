package dev.stoa.page;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;

/**
 * Something to read that is made once and then served as it is, with an ETag (RFC 9110, section
 * 8.8.3) under which browsers ask whether it still is. Immutable; safe on any thread.
 *
 * @param headers that it goes out with, beside those that follow from its content
 */
public record Page(Buffer body, String contentType, Map<String, String> headers, String etag) {
  /** The policy of what is data and no page: it loads nothing. */
  private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

  private static final int ETAG_CHARS = 22;

  /** With these headers and the tag that follows from the content. */
  public static Page of(Buffer body, String contentType, Map<String, String> headers) {
    String etag = '"' + sha256(body.getBytes()).substring(0, ETAG_CHARS) + '"';
    return new Page(body, contentType, headers, etag);
  }

  /**
   * The headers of something to read.
   *
   * @param policy what it may load (Content-Security-Policy)
   */
  public static Map<String, String> headers(String policy) {
    return Map.of(
        "Cache-Control", "no-cache",
        "Vary", "Accept",
        "Content-Security-Policy", policy,
        "X-Content-Type-Options", "nosniff");
  }

  /** A JSON document. */
  public static Page json(Buffer body) {
    return of(body, "application/json", headers(NOTHING));
  }

  /** Answers 200, or 304 where the client has it already. */
  public Future<Void> send(HttpServerRequest request) {
    HttpServerResponse response = request.response().putHeader(HttpHeaders.ETAG, etag);
    headers.forEach(response::putHeader);
    if (isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      return response.setStatusCode(304).end();
    }
    return response
        .setStatusCode(200)
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
        .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())) // to a HEAD, too
        .end(body);
  }

  private boolean isKnown(String ifNoneMatch) {
    if (ifNoneMatch == null) {
      return false;
    }
    for (String tag : ifNoneMatch.split(",")) {
      String bare = tag.strip();
      if (bare.equals("*") || bare.equals(etag) || bare.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  /** In Base64, as a Content-Security-Policy names what it lets in. */
  public static String sha256(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
