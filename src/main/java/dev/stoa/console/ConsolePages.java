package dev.stoa.console;

import dev.stoa.page.PageFiles;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Serves the files of the page below {@link #PREFIX}. They are the same for everybody and hold no
 * data. Safe on any thread.
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

  /** Names of files in folders, and nothing that climbs out of them. */
  private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]+/)*[a-z0-9-]+\\.[a-z]+");

  private static final int LONGEST_NAME = 100;

  private final PageFiles files;

  public ConsolePages(Vertx vertx) {
    this.files = new PageFiles(vertx, HEADERS);
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
    if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      return Future.failedFuture(noSuchFile());
    }
    return files
        .at(HOME + name)
        .compose(found -> found.orElseThrow(ConsolePages::noSuchFile).send(request));
  }

  private static ProblemException noSuchFile() {
    return new ProblemException(ProblemType.NOT_FOUND, "The console has no such file.");
  }
}
