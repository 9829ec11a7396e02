package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.resilience.GuardStatus;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a request, and why.
 *
 * @param exchange the request that is asked about, with all that the filters found
 * @param decision what the filters let happen; empty where one of them refused
 * @param refusal who would be refused, and how; empty where nobody would be
 * @param stage which stage refused; the last one that was asked where none did
 * @param delivery where it would go, once it is let through to an upstream
 */
record Explanation(
    Exchange exchange,
    Optional<Decision> decision,
    Optional<ProblemException> refusal,
    Stage stage,
    Optional<Delivery> delivery) {

  /** In the order in which a request passes them. */
  enum Stage {
    REQUEST,
    CORS,
    ENDPOINT,
    ROUTE,
    AUTHENTICATION,
    AUTHORIZATION,
    RATE_LIMIT,
    BODY,
    BREAKER,
    INSTANCE
  }

  /**
   * The way to an upstream.
   *
   * @param guard of the upstream; empty where nothing was sent there yet
   * @param instances in the order in which it would get them
   * @param sent what the first of them would be sent; empty where there is none
   */
  record Delivery(
      Optional<GuardStatus> guard,
      List<RouteTargets.RankedChoice> instances,
      RequestDeadline deadline,
      Optional<ProxyTarget> sent) {}
}
