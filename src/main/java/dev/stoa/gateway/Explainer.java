package dev.stoa.gateway;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.gateway.Explanation.Stage;
import dev.stoa.problem.ProblemException;
import dev.stoa.resilience.Guard;
import dev.stoa.resilience.Resilience;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Says what would become of a request, without sending, counting or taking anything: it asks the
 * very filters that real requests pass, and the guard, balancer and targets that these would meet.
 * Safe on any thread.
 */
final class Explainer {
  private final Live<GatewayConfig> config;
  private final Filters filters;
  private final InstancePools pools;
  private final Resilience resilience;

  Explainer(
      Live<GatewayConfig> config, Filters filters, InstancePools pools, Resilience resilience) {
    this.config = config;
    this.filters = filters;
    this.pools = pools;
    this.resilience = resilience;
  }

  /** Fails only with what is no refusal. */
  Future<Explanation> explain(Question question) {
    Exchange exchange = new Exchange(question, config.get(), "made-up");
    return decide(exchange)
        .map(decision -> let(exchange, decision))
        .recover(
            cause ->
                cause instanceof ProblemException refusal
                    ? Future.succeededFuture(refused(exchange, refusal))
                    : Future.failedFuture(cause));
  }

  private Future<Decision> decide(Exchange exchange) {
    try {
      return filters.decide(exchange);
    } catch (ProblemException refusal) {
      return Future.failedFuture(refusal);
    }
  }

  private static Explanation refused(Exchange exchange, ProblemException refusal) {
    return new Explanation(
        exchange,
        Optional.empty(),
        Optional.of(refusal),
        stage(exchange, refusal),
        Optional.empty());
  }

  /** How far it came tells who refused. */
  private static Stage stage(Exchange exchange, ProblemException refusal) {
    if (exchange.path() == null) {
      return Stage.REQUEST;
    }
    if (exchange.config().cors().isPreflight(exchange)) {
      return Stage.CORS;
    }
    if (exchange.destination() == null) {
      return isOfRoutes(exchange, refusal) ? Stage.ROUTE : Stage.ENDPOINT;
    }
    if (exchange.caller() == null) {
      return Stage.AUTHENTICATION;
    }
    return switch (refusal.type()) {
      case FORBIDDEN -> Stage.AUTHORIZATION;
      case RATE_LIMITED -> Stage.RATE_LIMIT;
      default -> Stage.BODY;
    };
  }

  /** Rather than of an endpoint of the gateway's own. */
  private static boolean isOfRoutes(Exchange exchange, ProblemException refusal) {
    return switch (refusal.type()) {
      case ROUTE_NOT_FOUND, SERVICE_NOT_FOUND -> true;
      case METHOD_NOT_ALLOWED ->
          exchange.config().routes().match(exchange.method(), exchange.path().path())
              instanceof RouteTable.Match.OtherMethods;
      default -> false;
    };
  }

  private Explanation let(Exchange exchange, Decision decision) {
    Optional<Decision> decided = Optional.of(decision);
    if (!(decision instanceof Decision.Forward forward)) {
      Stage last = decision instanceof Decision.Own ? Stage.ENDPOINT : Stage.CORS;
      return new Explanation(exchange, decided, Optional.empty(), last, Optional.empty());
    }
    Optional<Guard> guard = forward.destination().route().known(resilience);
    List<RouteTargets.RankedChoice> instances =
        forward
            .destination()
            .route()
            .targets()
            .rank(pools, source -> RequestKey.of(source, exchange, forward.caller()));
    RequestDeadline deadline =
        RequestDeadline.of(exchange, forward.destination().config(), forward.caller());
    Optional<ProxyTarget> sent =
        instances.stream()
            .findFirst()
            .map(first -> Upstreams.target(exchange, forward, deadline, first.server()));
    Optional<ProblemException> closed = guard.flatMap(Guard::refusal);
    Optional<ProblemException> refusal =
        closed.or(() -> instances.isEmpty() ? Optional.of(Upstreams.none()) : Optional.empty());
    return new Explanation(
        exchange,
        decided,
        refusal,
        closed.isPresent() ? Stage.BREAKER : Stage.INSTANCE,
        Optional.of(new Explanation.Delivery(guard.map(Guard::status), instances, deadline, sent)));
  }
}
