package dev.stoa.gateway;

import dev.stoa.service.Identity;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/**
 * What decides whether a request passes and where to, in this order and written down nowhere else:
 * shape and path → CORS → the gateway's own endpoints and annexes → route → authentication →
 * authorization → limit → declared length of the body. Each stage is a small type of its own and
 * refuses by throwing or failing. It decides the same of a {@linkplain Exchange#isQuestion request
 * that is only asked about}, of which nothing comes. For the event loop of one gateway.
 */
final class Filters {
  private final OwnEndpoints own;
  private final Router router;
  private final Authentication authentication;
  private final Throttle throttle;

  Filters(OwnEndpoints own, Router router, Authentication authentication, Throttle throttle) {
    this.own = own;
    this.router = router;
    this.authentication = authentication;
    this.throttle = throttle;
  }

  /** Fails with, or throws, the refusal. */
  Future<Decision> decide(Exchange exchange) {
    exchange.path(RequestShape.check(exchange));
    Cors cors = exchange.config().cors();
    if (cors.isPreflight(exchange)) {
      MultiMap answer =
          exchange.isQuestion() ? HttpHeaders.headers() : exchange.request().response().headers();
      cors.answerPreflight(exchange.headers(), answer);
      return Future.succeededFuture(new Decision.Preflight());
    }
    Optional<Endpoint> endpoint = own.find(exchange);
    if (endpoint.isPresent()) {
      exchange.route(OwnEndpoints.ROUTE);
      return endpoint.get().guard().apply(exchange).map(passed -> new Decision.Own(endpoint.get()));
    }
    Destination destination = router.find(exchange);
    exchange.destination(destination);
    return AtOnce.then(
        authentication.identify(exchange, destination.config()),
        caller -> admit(exchange, destination, caller));
  }

  private Future<Decision> admit(
      Exchange exchange, Destination destination, Optional<Identity> caller) {
    RouteConfig route = destination.config();
    exchange.caller(caller);
    authentication.authorize(caller, route);
    return AtOnce.then(
        throttle.onRoute(exchange, destination.route(), caller),
        within -> {
          Upload.checkDeclaredLength(exchange.headers(), route.maxBody());
          return Future.succeededFuture(new Decision.Forward(destination, caller));
        });
  }
}
