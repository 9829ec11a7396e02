package dev.stoa.gateway;

import dev.stoa.limits.SharedLimits;
import dev.stoa.limits.Usage;
import dev.stoa.observability.LimitMeter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** All rate limits, what they decided, and who is nearest to one, as this process counts. */
final class LimitListing {
  static final String PATH = "/api/admin/limits";

  private static final int MOST_NEAR = 50;

  private final Vertx vertx;
  private final SharedLimits limits;
  private final LimitMeter meter;

  LimitListing(Vertx vertx, SharedLimits limits, LimitMeter meter) {
    this.vertx = vertx;
    this.limits = limits;
    this.meter = meter;
  }

  /** Looks through all keys, of which there may be many: not on the event loop. */
  Future<JsonObject> now(GatewayConfig config) {
    return vertx
        .executeBlocking(() -> limits.busiest(MOST_NEAR), false)
        .map(near -> all(config, near));
  }

  private JsonObject all(GatewayConfig config, List<Usage> near) {
    RateLimits standard = config.limits();
    JsonArray all = new JsonArray();
    all.add(limit("login", RouteJson.limit(standard.login())));
    all.add(limit("register", RouteJson.limit(standard.login())));
    all.add(limit(Authentication.FAILED, RouteJson.limit(standard.failedAuthentication())));
    for (RouteConfig route : config.routes().routes()) {
      route
          .limit()
          .ifPresent(limit -> all.add(limit(Throttle.scope(route.name()), RouteJson.limit(limit))));
    }
    JsonArray keys = new JsonArray();
    near.forEach(usage -> keys.add(key(usage)));
    return new JsonObject()
        .put("limits", all)
        .put("standard", RouteJson.limit(standard.standard()))
        .put("keys", limits.keys())
        .put("counted_by", limits.isShared() ? "all" : "this")
        .put("redis_away", limits.isAway())
        .put("near", keys);
  }

  private JsonObject limit(String scope, JsonObject limit) {
    LimitMeter.Decisions decisions = meter.decisions(scope);
    return limit
        .put("scope", scope)
        .put("let_pass", decisions.allowed())
        .put("refused", decisions.refused());
  }

  private static JsonObject key(Usage usage) {
    return RouteJson.limit(usage.limit())
        .put("scope", usage.scope())
        .put("subject", usage.subject())
        .put("left", usage.left())
        .put("whole_in_s", usage.wholeInMicros() / (double) TimeUnit.SECONDS.toMicros(1));
  }
}
