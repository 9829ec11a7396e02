package dev.stoa.gateway;

import dev.stoa.config.Live;
import dev.stoa.problem.ProblemException;
import dev.stoa.upstream.ConnectionPool;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a request: id → {@link Filters} → idempotency key → delivery (place → breaker →
 * instance → proxy, and again where that is safe). Each stage is a small type of its own and
 * refuses by throwing or failing; {@link ProblemResponder} turns any refusal into a response. One
 * per verticle, for its event loop.
 */
final class GatewayPipeline implements Handler<HttpServerRequest> {
  /** The name under which requests are counted that no route was looked up for. */
  private static final String SHED = "shed";

  /** Where the orderly end is begun, and followed. */
  static final String DRAIN = "/api/admin/drain";

  private static final Logger LOG = LoggerFactory.getLogger(GatewayPipeline.class);

  private final Vertx vertx;
  private final Live<GatewayConfig> config;
  private final RequestIds ids = new RequestIds();
  private final ProblemResponder problems;
  private final Filters filters;
  private final ExplainEndpoint explain;
  private final Authentication authentication;
  private final Throttle throttle;
  private final KeyedRequests keyed;
  private final Accounts accounts;
  private final EventsEndpoint events;

  GatewayPipeline(Vertx vertx, GatewayParts parts, ConnectionPool pool) {
    this.vertx = vertx;
    this.config = parts.config();
    this.accounts =
        new Accounts(
            parts.telemetry().metrics().gatewayRequests(),
            new AccessLog(parts.config().map(GatewayConfig::accessLog)),
            parts.telemetry().tracing());
    this.problems = new ProblemResponder(vertx);
    this.throttle = new Throttle(parts.limits(), parts.telemetry().metrics().limits());
    this.authentication = new Authentication(parts.verifier(), throttle);
    Upstreams upstreams = new Upstreams(parts.pools());
    Deliveries deliveries =
        new Deliveries(
            vertx,
            upstreams,
            new Proxy(vertx, pool),
            parts.resilience(),
            parts.lastGood(),
            parts.telemetry().metrics().gatewayAttempts());
    this.keyed = new KeyedRequests(vertx, parts, upstreams, pool, deliveries);
    this.events = new EventsEndpoint(vertx, authentication, parts.lookout());
    OwnEndpoints own =
        new OwnEndpoints(
            vertx, endpoints(parts), parts.annexes(), parts.configuration(), parts.stopping());
    this.filters = new Filters(own, new Router(parts.pools()), authentication, throttle);
    this.explain =
        new ExplainEndpoint(
            new Explainer(parts.config(), filters, parts.pools(), parts.resilience()));
  }

  private List<Endpoint> endpoints(GatewayParts parts) {
    AdminEndpoints admin = new AdminEndpoints(vertx, authentication);
    ServiceListing services = new ServiceListing(parts.pools());
    ResilienceListing guards = new ResilienceListing(parts.resilience(), parts.connections());
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(
        new LoginEndpoint(vertx, parts.services(), parts.issuer(), throttle).endpoints());
    endpoints.addAll(new DocsEndpoints(vertx, parts.contracts(), parts.pools()).endpoints());
    endpoints.add(admin.view(ServiceListing.PATH, asked -> services.now()));
    endpoints.add(admin.view(ResilienceListing.PATH, asked -> guards.now()));
    endpoints.addAll(new ConfigEndpoints(parts.peers()).endpoints(admin));
    endpoints.add(admin.guarded(Endpoint.get(EventsEndpoint.PATH, events::follow)));
    RouteListing routes =
        new RouteListing(parts.pools(), parts.resilience(), parts.telemetry().metrics());
    LimitListing limits =
        new LimitListing(vertx, parts.limits(), parts.telemetry().metrics().limits());
    endpoints.add(admin.view(RouteListing.PATH, asked -> routes.now(asked.config())));
    endpoints.add(admin.question(LimitListing.PATH, asked -> limits.now(asked.config())));
    endpoints.add(admin.view(Lookout.PATH, asked -> parts.lookout().now()));
    endpoints.add(admin.command(DRAIN, (asked, body) -> drain(asked, parts)));
    endpoints.add(admin.command(ExplainEndpoint.PATH, (asked, body) -> explain.explain(body)));
    return endpoints;
  }

  private static Future<JsonObject> drain(Exchange asked, GatewayParts parts) {
    LOG.warn("{} drains this node", asked.admin().username());
    return Future.succeededFuture(parts.drain().get());
  }

  /** What would become of a request. */
  Future<JsonObject> explain(JsonObject question) {
    return explain.explain(question);
  }

  @Override
  public void handle(HttpServerRequest request) {
    request.pause();
    Exchange exchange = new Exchange(request, config.get(), ids.of(request));
    accounts.begin(exchange);
    try {
      pass(exchange).onComplete((over, refusal) -> end(exchange, refusal));
    } catch (RuntimeException refusal) {
      end(exchange, refusal);
    }
  }

  private void end(Exchange exchange, Throwable refusal) {
    if (refusal != null) {
      refuse(exchange, refusal);
    }
    accounts.end(exchange);
  }

  /** Refuses before anything is done for the request. */
  void turnAway(HttpServerRequest request, ProblemException refusal) {
    request.pause();
    Exchange exchange = new Exchange(request, config.get(), ids.of(request));
    exchange.route(SHED);
    problems.respond(exchange, refusal);
    accounts.end(exchange);
  }

  /** Ends what would go on for as long as the client likes. */
  void close() {
    events.close();
  }

  /** Answers what the server could not read as a request. */
  void handleUnreadable(HttpServerRequest request) {
    Exchange exchange = new Exchange(request, config.get(), ids.of(request));
    problems.respondUnreadable(exchange);
    accounts.end(exchange);
  }

  private void refuse(Exchange exchange, Throwable cause) {
    if (Refusals.answersOptions(exchange, cause)) {
      ((ProblemException) cause).headers().forEach(exchange.request().response()::putHeader);
      exchange.answerEmpty(vertx);
    } else {
      problems.respond(exchange, cause);
    }
  }

  private Future<Void> pass(Exchange exchange) {
    Cors cors = exchange.config().cors();
    cors.decorateLater(exchange.request(), cors.isPreflight(exchange));
    return AtOnce.then(filters.decide(exchange), decision -> act(exchange, decision));
  }

  private Future<Void> act(Exchange exchange, Decision decision) {
    if (decision instanceof Decision.Forward forward) {
      accounts.passed(exchange, forward.destination());
      return keyed.forward(exchange, forward.destination(), forward.caller());
    }
    return decision instanceof Decision.Own own
        ? own.endpoint().handler().apply(exchange)
        : exchange.answerEmpty(vertx);
  }
}
