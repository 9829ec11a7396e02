package dev.stoa.e2e;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A route that is scarce, and what of it people get at several gateways together. */
record LimitProbe(ShopCluster cluster) {
  private static final int LIMIT = 4;
  private static final String PATH = "/api/scarce";

  /** For {@link Routes#shop(String)}; refills so slowly that no test sees it. */
  static final String ROUTE =
      "  - {name: scarce, path: "
          + PATH
          + ", target: \"http://product-service:8082\","
          + " rewrite: {from: /scarce, to: /products}, auth: required, rate_limit: "
          + LIMIT
          + "/hour}\n";

  /** Somebody who has asked for nothing yet. */
  static String somebody() {
    String user = UUID.randomUUID().toString();
    JsonObject claims =
        new JsonObject()
            .put("sub", user)
            .put("user_id", user)
            .put("username", "somebody")
            .put("roles", new JsonArray().add("customer"));
    return HandmadeToken.signed(StoaSetup.SECRET, claims);
  }

  /** How many requests of this person pass, where each running gateway is asked for all. */
  int passed(String token) {
    int passed = 0;
    for (int i = 0; i <= LIMIT; i++) {
      for (int node : cluster.running()) {
        Caller caller = new Caller(cluster.shop(node), "", "", "", Optional.of(token));
        passed += caller.get(PATH).status() == 429 ? 0 : 1;
      }
    }
    return passed;
  }

  /** Whether the gateways count together now. */
  boolean isShared() {
    return passed(somebody()) == LIMIT;
  }

  /** Whether each gateway counts for itself now. */
  boolean isLocal() {
    return passed(somebody()) == LIMIT * cluster.running().size();
  }

  /** Waits until they count together; answers how long that took. */
  Duration awaitShared(Duration most, long sinceNanos) {
    Eventually.within(most, "limits that are shared", this::isShared);
    return Duration.ofNanos(System.nanoTime() - sinceNanos);
  }
}
