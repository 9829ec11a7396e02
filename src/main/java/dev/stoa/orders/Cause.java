package dev.stoa.orders;

import dev.stoa.observability.RequestScope;
import dev.stoa.service.Call;
import dev.stoa.service.Identity;

/**
 * On whose behalf something happens to an order.
 *
 * @param actor {@code customer:<id>}, {@code admin:<id>}, {@code service:<name>}
 * @param requestId ties it to the logs of all services
 * @param traceId the trace that it is part of; null where it is in none
 */
record Cause(String actor, String requestId, String traceId) {

  /** In no trace. */
  Cause(String actor, String requestId) {
    this(actor, requestId, null);
  }

  static Cause of(Call call) {
    Identity caller = call.identity();
    String role =
        caller.isService() ? Identity.SERVICE : caller.isAdmin() ? Identity.ADMIN : "customer";
    String trace = RequestScope.current().span().traceId();
    return new Cause(
        role + ":" + caller.userId(), call.requestId(), trace.isEmpty() ? null : trace);
  }
}
