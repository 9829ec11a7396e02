package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * Applies limits to exchanges and tells clients how much is left, in the fields of {@code
 * draft-ietf-httpapi-ratelimit-headers}. What the draft calls quota is the burst, and its window
 * the time in which a whole burst refills: the two numbers that are true of a GCRA.
 */
final class Throttle {
  private final RateLimiter limiter;

  Throttle(RateLimiter limiter) {
    this.limiter = limiter;
  }

  /** Takes one request off what an address has left. */
  void byAddress(Exchange exchange, String scope, String policy, Limit limit) {
    take(exchange, scope, policy, "address:" + ClientAddress.limitKey(exchange.client()), limit);
  }

  /** Takes one request off what the caller has left on a route: the user, else the address. */
  void onRoute(Exchange exchange, RouteConfig route, Optional<Identity> caller) {
    if (route.limit().isPresent()) {
      String scope = "route:" + route.name();
      Limit limit = route.limit().get();
      if (caller.isPresent()) {
        take(exchange, scope, route.policy(), "user:" + caller.get().userId(), limit);
      } else {
        byAddress(exchange, scope, route.policy(), limit);
      }
    }
  }

  private void take(Exchange exchange, String scope, String policy, String subject, Limit limit) {
    RateLimiter.Verdict verdict = limiter.take(scope, subject, limit);
    MultiMap headers = exchange.request().response().headers();
    String name = '"' + policy + '"';
    long window = RateLimiter.ceilSeconds(limit.windowNanos());
    long reset = RateLimiter.ceilSeconds(verdict.resetNanos());
    headers.set("RateLimit-Policy", name + ";q=" + limit.burst() + ";w=" + window);
    headers.set("RateLimit", name + ";r=" + verdict.remaining() + ";t=" + reset);
    if (!verdict.allowed()) {
      long wait = Math.max(1, RateLimiter.ceilSeconds(verdict.retryAfterNanos()));
      throw new ProblemException(
              ProblemType.RATE_LIMITED, "The limit is used up; try again in " + wait + " s.")
          .withHeader("Retry-After", Long.toString(wait));
    }
  }
}
