package dev.stoa.gateway;

import dev.stoa.discovery.UpstreamPolicy;
import dev.stoa.limits.Limit;
import dev.stoa.resilience.AdaptiveConfig;
import dev.stoa.resilience.BreakerConfig;
import dev.stoa.resilience.BulkheadConfig;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.RetryPolicy;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.TreeSet;

/** A route and its policies as configured, for operators; without the values of its headers. */
final class RouteJson {
  private RouteJson() {}

  static JsonObject of(RouteConfig route) {
    RouteResilience resilience = route.resilience();
    JsonObject json =
        new JsonObject()
            .put("name", route.name())
            .put("path", route.path().toString())
            .put("generic", route.name().equals(RouteConfig.genericName(route.upstream())))
            .put("methods", methods(route))
            .put("auth", word(route.auth()))
            .put("roles", new JsonArray(new TreeSet<>(route.roles()).stream().toList()))
            .put("upstream", route.upstream())
            .put("strip_prefix", route.rewrite().strip())
            .put("timeout_ms", route.timeout().toMillis())
            .put("max_body", route.maxBody())
            .put(
                "headers", new JsonArray(new TreeSet<>(route.headers().keySet()).stream().toList()))
            .put("idempotency_keys", word(route.keys()))
            .put("retry", retry(resilience.retry()))
            .put("balancer", balancer(route.upstreams().of(route.targets().get(0).host())))
            .mergeIn(guard(resilience.guard()));
    if (!route.rewrite().from().isEmpty()) {
      json.put("rewrite", route.rewrite().from() + " → " + route.rewrite().to());
    }
    route.limit().ifPresent(limit -> json.put("limit", limit(limit).put("policy", route.policy())));
    resilience.deadline().ifPresent(deadline -> json.put("deadline_ms", deadline.toMillis()));
    resilience.hedge().ifPresent(delay -> json.put("hedge_ms", delay.toMillis()));
    resilience.fallback().ifPresent(fallback -> json.put("fallback", fallback(fallback)));
    return json;
  }

  static JsonObject limit(Limit limit) {
    return new JsonObject()
        .put("count", limit.count())
        .put("period_s", limit.period().toSeconds())
        .put("burst", limit.burst());
  }

  private static JsonArray methods(RouteConfig route) {
    return new JsonArray(route.methods().stream().map(HttpMethod::name).sorted().toList());
  }

  private static JsonObject retry(RetryPolicy retry) {
    return new JsonObject()
        .put("max_retries", retry.maxRetries())
        .put("base_delay_ms", retry.baseDelay().toMillis())
        .put("max_delay_ms", retry.maxDelay().toMillis());
  }

  private static JsonObject balancer(UpstreamPolicy policy) {
    return new JsonObject()
        .put("strategy", word(policy.balancer().strategy()))
        .put("outlier_detection", policy.outliers().enabled())
        .put("health_check", policy.health().enabled());
  }

  private static JsonObject guard(GuardConfig guard) {
    BreakerConfig breaker = guard.breaker();
    BulkheadConfig bulkhead = guard.bulkhead();
    AdaptiveConfig adaptive = guard.adaptive();
    return new JsonObject()
        .put(
            "circuit_breaker",
            new JsonObject()
                .put("enabled", breaker.enabled())
                .put("failure_threshold", breaker.failureThreshold())
                .put("recovery_timeout_ms", breaker.recoveryTimeout().toMillis()))
        .put(
            "bulkhead",
            new JsonObject()
                .put("max_concurrent", bulkhead.maxConcurrent())
                .put("max_queue", bulkhead.maxQueue())
                .put("max_wait_ms", bulkhead.maxWait().toMillis())
                .put("adaptive", word(adaptive.algorithm())));
  }

  private static JsonObject fallback(Fallback fallback) {
    JsonObject json = new JsonObject().put("fixed", fallback.fixed().isPresent());
    fallback.lastGood().ifPresent(age -> json.put("last_good_ms", age.toMillis()));
    return json;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
