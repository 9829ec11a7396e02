package dev.stoa.orders;

import dev.stoa.service.Call;
import dev.stoa.service.Identity;

/**
 * On whose behalf something happens to an order.
 *
 * @param actor {@code customer:<id>}, {@code admin:<id>}, {@code service:<name>}
 * @param requestId ties it to the logs of all services
 */
record Cause(String actor, String requestId) {

  static Cause of(Call call) {
    Identity caller = call.identity();
    String role =
        caller.isService() ? Identity.SERVICE : caller.isAdmin() ? Identity.ADMIN : "customer";
    return new Cause(role + ":" + caller.userId(), call.requestId());
  }
}
