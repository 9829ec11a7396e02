package dev.stoa.service;

import dev.stoa.apidocs.ProblemPages;
import dev.stoa.page.Page;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * What a service tells of itself, to everyone: its contract at {@code /openapi.json}, and what the
 * types of its problems mean. Read when first asked for; for the event loop of the service.
 */
final class ReadingRoutes {
  private static final String DOCUMENT = "/openapi.json";

  private final Contracts contracts;
  private final String service;
  private Future<Page> document;

  ReadingRoutes(Contracts contracts, String service) {
    this.contracts = contracts;
    this.service = service;
  }

  void mount(Router router) {
    router.get(DOCUMENT).handler(this::document);
    ProblemPages.PATHS.forEach(path -> router.get(path).handler(this::problem));
  }

  private void document(RoutingContext context) {
    if (document == null || document.failed()) {
      // Wherever it is read from is where the service is.
      JsonArray here = new JsonArray().add(new JsonObject().put("url", "/"));
      document =
          contracts.document(service).map(json -> Page.json(json.put("servers", here).toBuffer()));
    }
    document.compose(page -> page.send(context.request())).onFailure(context::fail);
  }

  private void problem(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    ProblemPages.at(context.normalizedPath(), accept)
        .send(context.request())
        .onFailure(context::fail);
  }
}
