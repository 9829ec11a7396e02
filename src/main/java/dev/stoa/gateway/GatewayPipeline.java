package dev.stoa.gateway;

import dev.stoa.config.Live;
import dev.stoa.observability.RequestMeter;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happens to a request, in this order and written down nowhere else: id → shape and path →
 * CORS → the gateway's own endpoints → route → authentication → authorization → limit → idempotency
 * key → delivery (place → breaker → instance → proxy, and again where that is safe). Each stage is
 * a small type of its own and refuses by throwing; {@link ProblemResponder} turns any refusal into
 * a response. One per verticle, for its event loop.
 */
final class GatewayPipeline implements Handler<HttpServerRequest> {
  private final Vertx vertx;
  private final Live<GatewayConfig> config;
  private final RequestIds ids = new RequestIds();
  private final ProblemResponder problems;
  private final OwnEndpoints own;
  private final Router router;
  private final Authentication authentication;
  private final Throttle throttle;
  private final KeyedRequests keyed;
  private final RequestMeter requests;

  GatewayPipeline(Vertx vertx, GatewayParts parts, HttpClient client) {
    this.vertx = vertx;
    this.config = parts.config();
    this.requests = parts.telemetry().metrics().gatewayRequests();
    this.problems = new ProblemResponder(vertx);
    this.throttle = new Throttle(parts.limits(), parts.telemetry().metrics().limits());
    this.authentication = new Authentication(parts.verifier(), throttle);
    this.router = new Router(parts.pools());
    Upstreams upstreams = new Upstreams(parts.pools());
    Deliveries deliveries =
        new Deliveries(
            vertx,
            upstreams,
            new Proxy(vertx, client),
            parts.resilience(),
            parts.lastGood(),
            parts.telemetry().metrics().gatewayAttempts());
    this.keyed = new KeyedRequests(vertx, parts, upstreams, client, deliveries);
    this.own = new OwnEndpoints(vertx, endpoints(parts), parts.configuration(), parts.stopping());
  }

  private List<Endpoint> endpoints(GatewayParts parts) {
    AdminEndpoints admin = new AdminEndpoints(vertx, authentication);
    ServiceListing services = new ServiceListing(parts.pools());
    ResilienceListing guards = new ResilienceListing(parts.resilience());
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(
        new LoginEndpoint(vertx, parts.services(), parts.issuer(), throttle).endpoints());
    endpoints.addAll(new DocsEndpoints(vertx, parts.contracts(), parts.pools()).endpoints());
    endpoints.add(admin.view(ServiceListing.PATH, asked -> services.now()));
    endpoints.add(admin.view(ResilienceListing.PATH, asked -> guards.now()));
    endpoints.addAll(new ConfigEndpoints(parts.peers()).endpoints(admin));
    return endpoints;
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.pause();
    Exchange exchange = new Exchange(request, config.get(), ids.of(request));
    try {
      pass(exchange)
          .onFailure(cause -> refuse(exchange, cause))
          .onComplete(over -> record(exchange));
    } catch (RuntimeException refusal) {
      refuse(exchange, refusal);
      record(exchange);
    }
  }

  private void record(Exchange exchange) {
    HttpServerResponse response = exchange.request().response();
    int status = response.headWritten() ? response.getStatusCode() : 0;
    String method = Methods.name(exchange.request().method());
    requests.record(exchange.route(), method, status, exchange.elapsedNanos());
  }

  /** Answers what the server could not read as a request. */
  void handleUnreadable(HttpServerRequest request) {
    problems.respondUnreadable(new Exchange(request, config.get(), ids.of(request)));
  }

  private void refuse(Exchange exchange, Throwable cause) {
    if (exchange.request().method().equals(HttpMethod.OPTIONS)
        && cause instanceof ProblemException refusal
        && refusal.type() == ProblemType.METHOD_NOT_ALLOWED) {
      // What the path takes is what was asked (RFC 9110, section 9.3.7).
      refusal.headers().forEach(exchange.request().response()::putHeader);
      exchange.answerEmpty(vertx);
    } else {
      problems.respond(exchange, cause);
    }
  }

  private Future<Void> pass(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    Cors cors = exchange.config().cors();
    boolean preflight = cors.isPreflight(request);
    cors.decorateLater(request, preflight);
    exchange.path(RequestShape.check(request));
    if (preflight) {
      cors.answerPreflight(request.headers(), request.response().headers());
      return exchange.answerEmpty(vertx);
    }
    Optional<Future<Void>> answered = own.answer(exchange);
    if (answered.isPresent()) {
      exchange.route(OwnEndpoints.ROUTE);
      return answered.get();
    }
    Destination destination = router.find(exchange);
    RouteConfig route = destination.config();
    exchange.route(route.name());
    return authentication
        .identify(exchange, route)
        .compose(caller -> admit(exchange, destination, caller));
  }

  private Future<Void> admit(
      Exchange exchange, Destination destination, Optional<Identity> caller) {
    RouteConfig route = destination.config();
    authentication.authorize(caller, route);
    return throttle
        .onRoute(exchange, route, caller)
        .compose(within -> keyed.forward(exchange, destination, caller));
  }
}
