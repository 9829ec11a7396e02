package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/** Refusals that more than one stage makes. */
final class Refusals {
  private Refusals() {}

  static ProblemException methodNotAllowed(Set<HttpMethod> allowed) {
    String allow = Methods.allow(allowed);
    return new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This path takes " + allow + ".")
        .withHeader("Allow", allow);
  }

  /** Whether this tells what was asked: what the path takes (RFC 9110, section 9.3.7). */
  static boolean answersOptions(Exchange exchange, Throwable cause) {
    return exchange.method().equals(HttpMethod.OPTIONS)
        && cause instanceof ProblemException refusal
        && refusal.type() == ProblemType.METHOD_NOT_ALLOWED;
  }

  static ProblemException noRoute() {
    return new ProblemException(ProblemType.ROUTE_NOT_FOUND, "No route leads from this path.");
  }

  /** Nobody can answer now; soon somebody may. */
  static ProblemException unavailable(String detail) {
    return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, detail)
        .withHeader("Retry-After", "1");
  }
}
