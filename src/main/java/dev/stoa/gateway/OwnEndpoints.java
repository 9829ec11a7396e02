package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the gateway answers itself, before any route. */
final class OwnEndpoints {
  private static final String WELCOME = "/";
  private static final String HEALTH = "/health";
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";
  private static final String LOGIN = "/api/auth/login";
  private static final String REGISTER = "/api/auth/register";

  /** The name under which all of them are counted. */
  static final String ROUTE = "stoa";

  static final Set<String> PATHS =
      Set.of(
          WELCOME,
          HEALTH,
          LIVE,
          READY,
          LOGIN,
          REGISTER,
          ServiceListing.PATH,
          ResilienceEndpoint.PATH);

  private record Endpoint(HttpMethod method, Function<Exchange, Future<Void>> handler) {}

  private final Vertx vertx;
  private final Supplier<JsonObject> configuration;
  private final BooleanSupplier stopping;
  private final Map<String, Endpoint> endpoints;

  /**
   * All of them.
   *
   * @param configuration the state of the configuration, for the health report
   * @param stopping whether the process is shutting down
   */
  OwnEndpoints(
      Vertx vertx,
      LoginEndpoint login,
      ResilienceEndpoint resilience,
      ServiceListing services,
      Supplier<JsonObject> configuration,
      BooleanSupplier stopping) {
    this.vertx = vertx;
    this.configuration = configuration;
    this.stopping = stopping;
    this.endpoints =
        Map.of(
            WELCOME,
            new Endpoint(HttpMethod.GET, this::welcome),
            HEALTH,
            new Endpoint(HttpMethod.GET, this::ready),
            READY,
            new Endpoint(HttpMethod.GET, this::ready),
            LIVE,
            new Endpoint(HttpMethod.GET, this::live),
            LOGIN,
            new Endpoint(HttpMethod.POST, login::login),
            REGISTER,
            new Endpoint(HttpMethod.POST, login::register),
            ServiceListing.PATH,
            new Endpoint(HttpMethod.GET, services::list),
            ResilienceEndpoint.PATH,
            new Endpoint(HttpMethod.GET, resilience::status));
  }

  /** Answers if the path is one of these; empty where a route has to. */
  Optional<Future<Void>> answer(Exchange exchange) {
    Endpoint endpoint = endpoints.get(exchange.path().path());
    if (endpoint == null) {
      return Optional.empty();
    }
    HttpMethod method = exchange.request().method();
    if (!method.equals(endpoint.method)
        && !(method.equals(HttpMethod.HEAD) && endpoint.method.equals(HttpMethod.GET))) {
      throw Refusals.methodNotAllowed(Set.of(endpoint.method));
    }
    return Optional.of(endpoint.handler.apply(exchange));
  }

  private Future<Void> welcome(Exchange exchange) {
    JsonObject links = new JsonObject().put("health", HEALTH).put("login", LOGIN);
    exchange.config().routes().routes().stream()
        .filter(route -> route.path().prefix())
        .forEach(route -> links.put(route.name(), route.path().path()));
    return exchange.answer(
        vertx,
        200,
        new JsonObject().put("name", "Stoa").put("links", links.put("register", REGISTER)));
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
