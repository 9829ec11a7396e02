package dev.stoa.gateway;

import dev.stoa.apidocs.SwaggerUi;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the gateway answers itself, before any route. */
final class OwnEndpoints {
  private static final String WELCOME = "/";
  private static final String HEALTH = "/health";
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";

  /** The name under which all of them are counted. */
  static final String ROUTE = "stoa";

  /** All of them, known before there is a gateway: no route is ever asked for these. */
  static final Set<String> PATHS =
      Stream.of(
              List.of(WELCOME, HEALTH, LIVE, READY),
              LoginEndpoint.PATHS,
              DocsEndpoints.PATHS,
              List.of(
                  ServiceListing.PATH, ResilienceListing.PATH, EventsEndpoint.PATH, Lookout.PATH),
              List.of(RouteListing.PATH, LimitListing.PATH),
              List.of(ExplainEndpoint.PATH, GatewayPipeline.DRAIN),
              ConfigEndpoints.PATHS)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableSet());

  private final Vertx vertx;
  private final Supplier<JsonObject> configuration;
  private final BooleanSupplier stopping;
  private final List<Annex> annexes;
  private final Map<String, Endpoint> endpoints = new HashMap<>();

  /**
   * All of them.
   *
   * @param others beside those of this class; their paths are in {@link #PATHS}
   * @param annexes asked where none of these has the path
   * @param configuration the state of the configuration, for the health report
   * @param stopping whether the process is shutting down
   */
  OwnEndpoints(
      Vertx vertx,
      List<Endpoint> others,
      List<Annex> annexes,
      Supplier<JsonObject> configuration,
      BooleanSupplier stopping) {
    this.vertx = vertx;
    this.annexes = annexes;
    this.configuration = configuration;
    this.stopping = stopping;
    add(Endpoint.get(WELCOME, this::welcome));
    add(Endpoint.get(HEALTH, this::ready));
    add(Endpoint.get(READY, this::ready));
    add(Endpoint.get(LIVE, this::live));
    others.forEach(this::add);
  }

  private void add(Endpoint endpoint) {
    if (!PATHS.contains(endpoint.path()) || endpoints.put(endpoint.path(), endpoint) != null) {
      throw new IllegalStateException(endpoint.path() + " has to be in PATHS, and once");
    }
  }

  /**
   * The one of this path; empty where a route has to answer.
   *
   * @throws dev.stoa.problem.ProblemException METHOD_NOT_ALLOWED
   */
  Optional<Endpoint> find(Exchange exchange) {
    String path = exchange.path().path();
    Endpoint endpoint = endpoints.get(path);
    for (int i = 0; endpoint == null && i < annexes.size(); i++) {
      endpoint = annexes.get(i).takes(path) ? annexes.get(i).endpoint(vertx) : null;
    }
    if (endpoint != null && !endpoint.takes(exchange.method())) {
      throw Refusals.methodNotAllowed(Set.of(endpoint.method()));
    }
    return Optional.ofNullable(endpoint);
  }

  private Future<Void> welcome(Exchange exchange) {
    JsonObject links = new JsonObject().put("health", HEALTH).put("login", LoginEndpoint.LOGIN);
    exchange.config().routes().routes().stream()
        .filter(route -> route.path().prefix())
        .forEach(route -> links.put(route.name(), route.path().path()));
    links.put("register", LoginEndpoint.REGISTER);
    links.put("documentation", SwaggerUi.PAGE).put("openapi", DocsEndpoints.DOCUMENT);
    return exchange.answer(vertx, 200, new JsonObject().put("name", "Stoa").put("links", links));
  }

  private Future<Void> live(Exchange exchange) {
    return exchange.answer(vertx, 200, new JsonObject().put("status", "healthy"));
  }

  private Future<Void> ready(Exchange exchange) {
    boolean leaving = stopping.getAsBoolean();
    return exchange.answer(
        vertx,
        leaving ? 503 : 200,
        new JsonObject()
            .put("status", leaving ? "unhealthy" : "healthy")
            .put("configuration", configuration.get()));
  }
}
