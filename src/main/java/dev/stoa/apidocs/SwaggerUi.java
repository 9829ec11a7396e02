package dev.stoa.apidocs;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

  private final Vertx vertx;
  private final Map<String, Future<Page>> read = new ConcurrentHashMap<>();

  public SwaggerUi(Vertx vertx) {
    this.vertx = vertx;
  }

  /** What is at one of {@link #PATHS}. */
  public Future<Page> at(String path) {
    return read.computeIfAbsent(
        path, asked -> vertx.executeBlocking(() -> page(FILES.get(asked)), false));
  }

  private static Page page(String file) throws IOException {
    try (InputStream in = SwaggerUi.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IOException(file + " is not on the class path");
      }
      return Page.of(Buffer.buffer(in.readAllBytes()), type(file), POLICY);
    }
  }

  private static String type(String file) {
    return switch (file.substring(file.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      default -> "image/png";
    };
  }
}
