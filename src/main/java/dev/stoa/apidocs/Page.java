package dev.stoa.apidocs;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Something to read that is made once and then served as it is, with an ETag (RFC 9110, section
 * 8.8.3) under which browsers ask whether it still is. Immutable; safe on any thread.
 *
 * @param policy what the page may load (Content-Security-Policy)
 */
public record Page(Buffer body, String contentType, String policy, String etag) {
  /** Of what is data and no page: it loads nothing. */
  static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

  private static final int ETAG_CHARS = 22;

  static Page of(Buffer body, String contentType, String policy) {
    String etag = '"' + sha256(body.getBytes()).substring(0, ETAG_CHARS) + '"';
    return new Page(body, contentType, policy, etag);
  }

  /** A JSON document. */
  public static Page json(Buffer body) {
    return of(body, "application/json", NOTHING);
  }

  /** Answers 200, or 304 where the client has it already. */
  public Future<Void> send(HttpServerRequest request) {
    HttpServerResponse response =
        request
            .response()
            .putHeader(HttpHeaders.ETAG, etag)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
            .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT)
            .putHeader("Content-Security-Policy", policy)
            .putHeader("X-Content-Type-Options", "nosniff");
    if (isKnown(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      return response.setStatusCode(304).end();
    }
    return response.setStatusCode(200).putHeader(HttpHeaders.CONTENT_TYPE, contentType).end(body);
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

  static String sha256(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
