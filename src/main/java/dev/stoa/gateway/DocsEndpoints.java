package dev.stoa.gateway;

import dev.stoa.apidocs.MergedDocument;
import dev.stoa.apidocs.ProblemPages;
import dev.stoa.apidocs.SwaggerUi;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.page.Page;
import dev.stoa.service.Contracts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is to be read about the API: the document of all that is routed, Swagger UI over it, and the
 * pages that the types of problems lead to. Open to everyone, as the problems are. The document is
 * made when it is first asked for after a change of the routes or of the services known; for the
 * event loop of one gateway.
 */
final class DocsEndpoints {
  static final String DOCUMENT = "/api/openapi.json";

  static final List<String> PATHS =
      Stream.of(List.of(DOCUMENT), SwaggerUi.PATHS, ProblemPages.PATHS)
          .flatMap(List::stream)
          .toList();

  /** The gateway's own contract, beside those of the services. */
  private static final String GATEWAY = "gateway";

  /** A document, and what it was made of. */
  private record Made(GatewayConfig config, Set<String> services, Future<Page> page) {
    boolean isOf(GatewayConfig other, Set<String> names) {
      return config == other && services.equals(names) && !page.failed();
    }
  }

  private final Vertx vertx;
  private final Contracts contracts;
  private final InstancePools pools;
  private final SwaggerUi swagger;
  private Made made;

  DocsEndpoints(Vertx vertx, Contracts contracts, InstancePools pools) {
    this.vertx = vertx;
    this.contracts = contracts;
    this.pools = pools;
    this.swagger = new SwaggerUi(vertx);
  }

  List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(Endpoint.get(DOCUMENT, exchange -> send(exchange, document(exchange.config()))));
    SwaggerUi.PATHS.forEach(
        path -> endpoints.add(Endpoint.get(path, exchange -> send(exchange, swagger.at(path)))));
    ProblemPages.PATHS.forEach(path -> endpoints.add(Endpoint.get(path, this::problem)));
    return endpoints;
  }

  private Future<Void> problem(Exchange exchange) {
    String accept = exchange.request().getHeader(HttpHeaders.ACCEPT);
    return send(exchange, Future.succeededFuture(ProblemPages.at(exchange.path().path(), accept)));
  }

  private Future<Void> send(Exchange exchange, Future<Page> page) {
    return page.compose(
        ready -> {
          Future<Void> written = ready.send(exchange.request());
          UnreadBody.discard(vertx, exchange.request());
          return written;
        });
  }

  private Future<Page> document(GatewayConfig config) {
    ServiceCatalog catalog = pools.catalog();
    Set<String> services = new TreeSet<>();
    config.routes().routes().stream()
        .flatMap(route -> route.targets().stream())
        .map(Target::host)
        .forEach(services::add);
    services.addAll(catalog.services());
    if (made == null || !made.isOf(config, services)) {
      made = new Made(config, services, make(config, catalog, services));
    }
    return made.page();
  }

  private Future<Page> make(GatewayConfig config, ServiceCatalog catalog, Set<String> names) {
    Map<String, Future<JsonObject>> documents = new LinkedHashMap<>();
    names.stream()
        .filter(name -> !name.equals(GATEWAY) && contracts.has(name))
        .forEach(name -> documents.put(name, contracts.document(name)));
    Future<JsonObject> own = contracts.document(GATEWAY);
    documents.put(GATEWAY, own);
    return Future.all(List.copyOf(documents.values()))
        .compose(
            read ->
                vertx.executeBlocking(
                    () -> {
                      documents.remove(GATEWAY);
                      MergedDocument merged = new MergedDocument(own.result());
                      documents.forEach(
                          (name, document) ->
                              merged.add(
                                  name, document.result(), new RouteWays(config, catalog, name)));
                      return Page.json(merged.toJson().toBuffer());
                    },
                    false));
  }
}
