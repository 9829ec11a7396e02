package dev.stoa.gateway;

import dev.stoa.limits.SharedLimits;
import dev.stoa.limits.Verdict;
import dev.stoa.observability.LimitMeter;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import io.vertx.core.Future;
import java.util.Optional;

/** Applies limits to exchanges and tells clients how much is left. */
final class Throttle {
  private static final Future<Void> WITHIN = Future.succeededFuture();

  private final SharedLimits limits;
  private final LimitMeter meter;

  Throttle(SharedLimits limits, LimitMeter meter) {
    this.limits = limits;
    this.meter = meter;
  }

  /** Takes one request off what an address has left; fails, or throws, where that is nothing. */
  Future<Void> byAddress(Exchange exchange, Allowance allowance) {
    return take(exchange, allowance, address(exchange));
  }

  /**
   * The same at once, as this process alone has counted.
   *
   * @throws ProblemException where nothing is left
   */
  void byAddressHere(Exchange exchange, Allowance allowance) {
    String subject = address(exchange);
    if (exchange.isQuestion()) {
      look(exchange, allowance, subject);
    } else {
      apply(exchange, allowance, limits.takeHere(allowance.scope(), subject, allowance.limit()));
    }
  }

  /** Takes one request off what the caller has left on a route: the user, else the address. */
  Future<Void> onRoute(Exchange exchange, RouteTable.Route route, Optional<Identity> caller) {
    if (route.allowance().isEmpty()) {
      return WITHIN;
    }
    String subject = caller.isPresent() ? "user:" + caller.get().userId() : address(exchange);
    return take(exchange, route.allowance().get(), subject);
  }

  /** What the limit of a route is counted under. */
  static String scope(String route) {
    return "route:" + route;
  }

  private static String address(Exchange exchange) {
    return "address:" + ClientAddress.limitKey(exchange.client());
  }

  private Future<Void> take(Exchange exchange, Allowance allowance, String subject) {
    if (exchange.isQuestion()) {
      look(exchange, allowance, subject);
      return WITHIN;
    }
    return AtOnce.then(
        limits.take(allowance.scope(), subject, allowance.limit()),
        verdict -> apply(exchange, allowance, verdict));
  }

  /** Who is only asked about, pays nothing and is not counted. */
  private void look(Exchange exchange, Allowance allowance, String subject) {
    Verdict verdict = limits.look(allowance.scope(), subject, allowance.limit());
    exchange.toll(new Toll(allowance.policy(), subject, allowance.limit(), verdict));
    refuse(verdict);
  }

  private Future<Void> apply(Exchange exchange, Allowance allowance, Verdict verdict) {
    allowance.row(meter).decided(verdict.allowed(), verdict.shared());
    allowance.tell(verdict, exchange.request().response().headers());
    refuse(verdict);
    return WITHIN;
  }

  private static void refuse(Verdict verdict) {
    if (!verdict.allowed()) {
      long wait = Math.max(1, Allowance.ceilSeconds(verdict.retryAfterMicros()));
      throw new ProblemException(
              ProblemType.RATE_LIMITED, "The limit is used up; try again in " + wait + " s.")
          .withHeader("Retry-After", Long.toString(wait));
    }
  }
}
