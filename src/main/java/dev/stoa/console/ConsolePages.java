package dev.stoa.console;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves the files of the page below {@link #PREFIX}. They are the same for everybody and hold no
 * data. Each is read from the jar when it is first asked for, off the event loop, and kept, so
 * there are as many in memory as there are in the jar. Safe on any thread.
 */
public final class ConsolePages {
  /** Where the page is. */
  public static final String PREFIX = "/console";

  private static final String HOME = PREFIX + '/';

  /**
   * The page runs its own files, talks to its own server and is shown in no frame of another; what
   * is not listed is refused. With trusted types nothing can turn text into markup (W3C, Content
   * Security Policy Level 3; Trusted Types).
   */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy", POLICY,
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Cross-Origin-Opener-Policy", "same-origin",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Permissions-Policy", "camera=(), geolocation=(), microphone=()",
          "Cache-Control", "no-cache");

  private final Vertx vertx;
  private final Map<String, PageFile> files = new ConcurrentHashMap<>();

  public ConsolePages(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Answers a GET or HEAD of {@code path}, which is {@link #PREFIX} or below it. Fails with a
   * {@link ProblemException}, NOT_FOUND.
   */
  public Future<Void> answer(HttpServerRequest request, String path) {
    if (path.equals(PREFIX)) {
      return request.response().setStatusCode(308).putHeader(HttpHeaders.LOCATION, HOME).end();
    }
    String name = path.equals(HOME) ? "index.html" : path.substring(HOME.length());
    return file(name).compose(file -> write(request, file));
  }

  private Future<PageFile> file(String name) {
    PageFile known = files.get(name);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    return vertx
        .executeBlocking(() -> PageFile.read(name), false)
        .compose(
            found ->
                found
                    .map(Future::succeededFuture)
                    .orElseGet(
                        () ->
                            Future.failedFuture(
                                new ProblemException(
                                    ProblemType.NOT_FOUND, "The console has no such file."))))
        .onSuccess(read -> files.put(name, read));
  }

  private static Future<Void> write(HttpServerRequest request, PageFile file) {
    HttpServerResponse response = request.response();
    HEADERS.forEach(response::putHeader);
    response.putHeader(HttpHeaders.ETAG, file.tag());
    if (file.isKnownTo(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
      return response.setStatusCode(304).end();
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(file.content().length()));
      return response.end();
    }
    return response.end(file.content());
  }
}
