package dev.stoa.apidocs;

import dev.stoa.page.Page;
import dev.stoa.page.PageFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Swagger UI over the document beside it: our own page, style and script, and two files of the
 * webjar, all from the class path. Nothing is loaded from elsewhere, and no script stands in the
 * page. Read when first asked for; safe on any thread.
 */
public final class SwaggerUi {
  /** The page; its files are below it. */
  public static final String PAGE = "/api/docs";

  private static final String OURS = "/apidocs/";
  private static final String WEBJAR = "/META-INF/resources/webjars/swagger-ui/5.34.1/";

  // Swagger UI sets widths in style attributes and shows icons as data.
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  private static final Map<String, String> FILES =
      Map.of(
          PAGE,
          OURS + "index.html",
          PAGE + "/docs.css",
          OURS + "docs.css",
          PAGE + "/docs.js",
          OURS + "docs.js",
          PAGE + "/swagger-ui.css",
          WEBJAR + "swagger-ui.css",
          PAGE + "/swagger-ui-bundle.js",
          WEBJAR + "swagger-ui-bundle.js",
          PAGE + "/favicon-32x32.png",
          WEBJAR + "favicon-32x32.png");

  /** Where something of it is. */
  public static final List<String> PATHS = FILES.keySet().stream().sorted().toList();

  private final PageFiles files;

  public SwaggerUi(Vertx vertx) {
    this.files = new PageFiles(vertx, Page.headers(POLICY));
  }

  /** What is at one of {@link #PATHS}. */
  public Future<Page> at(String path) {
    return files.at(FILES.get(path)).map(Optional::orElseThrow);
  }
}
