package dev.stoa.gateway;

import dev.stoa.limits.Limit;
import dev.stoa.limits.SharedLimits;
import dev.stoa.limits.Verdict;
import dev.stoa.observability.LimitMeter;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Applies limits to exchanges and tells clients how much is left, in the fields of {@code
 * draft-ietf-httpapi-ratelimit-headers}. What the draft calls quota is the burst, and its window
 * the time in which a whole burst refills: the two numbers that are true of a GCRA.
 */
final class Throttle {
  private final SharedLimits limits;
  private final LimitMeter meter;

  Throttle(SharedLimits limits, LimitMeter meter) {
    this.limits = limits;
    this.meter = meter;
  }

  /** Takes one request off what an address has left; fails where that is nothing. */
  Future<Void> byAddress(Exchange exchange, String scope, String policy, Limit limit) {
    return take(exchange, scope, policy, address(exchange), limit);
  }

  /**
   * The same at once, as this process alone has counted.
   *
   * @throws ProblemException where nothing is left
   */
  void byAddressHere(Exchange exchange, String scope, String policy, Limit limit) {
    String subject = address(exchange);
    if (exchange.isQuestion()) {
      look(exchange, scope, policy, subject, limit);
      return;
    }
    Verdict verdict = limits.takeHere(scope, subject, limit);
    meter.decided(scope, verdict.allowed(), verdict.shared());
    tell(exchange, policy, limit, verdict);
  }

  /** Takes one request off what the caller has left on a route: the user, else the address. */
  Future<Void> onRoute(Exchange exchange, RouteConfig route, Optional<Identity> caller) {
    if (route.limit().isEmpty()) {
      return Future.succeededFuture();
    }
    String subject = caller.map(user -> "user:" + user.userId()).orElseGet(() -> address(exchange));
    return take(exchange, scope(route.name()), route.policy(), subject, route.limit().get());
  }

  /** What the limit of a route is counted under. */
  static String scope(String route) {
    return "route:" + route;
  }

  private static String address(Exchange exchange) {
    return "address:" + ClientAddress.limitKey(exchange.client());
  }

  private Future<Void> take(
      Exchange exchange, String scope, String policy, String subject, Limit limit) {
    if (exchange.isQuestion()) {
      look(exchange, scope, policy, subject, limit);
      return Future.succeededFuture();
    }
    return limits
        .take(scope, subject, limit)
        .map(
            verdict -> {
              meter.decided(scope, verdict.allowed(), verdict.shared());
              tell(exchange, policy, limit, verdict);
              return null;
            });
  }

  /** Who is only asked about, pays nothing and is not counted. */
  private void look(Exchange exchange, String scope, String policy, String subject, Limit limit) {
    Verdict verdict = limits.look(scope, subject, limit);
    exchange.toll(new Toll(policy, subject, limit, verdict));
    refuse(verdict);
  }

  private static void tell(Exchange exchange, String policy, Limit limit, Verdict verdict) {
    MultiMap headers = exchange.request().response().headers();
    String name = '"' + policy + '"';
    long window = ceilSeconds(limit.windowMicros());
    long reset = ceilSeconds(verdict.resetMicros());
    headers.set("RateLimit-Policy", name + ";q=" + limit.burst() + ";w=" + window);
    headers.set("RateLimit", name + ";r=" + verdict.remaining() + ";t=" + reset);
    refuse(verdict);
  }

  private static void refuse(Verdict verdict) {
    if (!verdict.allowed()) {
      long wait = Math.max(1, ceilSeconds(verdict.retryAfterMicros()));
      throw new ProblemException(
              ProblemType.RATE_LIMITED, "The limit is used up; try again in " + wait + " s.")
          .withHeader("Retry-After", Long.toString(wait));
    }
  }

  /** Microseconds as whole seconds, rounded up. */
  private static long ceilSeconds(long micros) {
    return -Math.floorDiv(-micros, TimeUnit.SECONDS.toMicros(1));
  }
}
