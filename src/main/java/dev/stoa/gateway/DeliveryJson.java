package dev.stoa.gateway;

import dev.stoa.discovery.InstanceStatus;
import dev.stoa.discovery.Ranked;
import dev.stoa.resilience.BreakerConfig;
import dev.stoa.resilience.RetryPolicy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The way to an upstream, as an explanation spells it. */
final class DeliveryJson {
  /** What the gateway sets by itself; what a route sets may be a secret. */
  private static final Set<String> PLAIN =
      Set.of("x-user-id", "x-user-name", "x-user-roles", "x-forwarded-prefix");

  private DeliveryJson() {}

  static JsonObject of(Explanation.Delivery delivery, RouteConfig route) {
    JsonArray instances = new JsonArray();
    delivery.instances().forEach(choice -> instances.add(instance(choice, instances.size() + 1)));
    JsonObject json =
        new JsonObject()
            .put("name", route.upstream())
            .put("breaker", breaker(delivery, route.resilience().guard().breaker()))
            .put("instances", instances)
            .put("load_balancer", balancer(route))
            .put("time", time(delivery, route))
            .put("retry", retry(route.resilience().retry()));
    delivery.sent().ifPresent(sent -> json.put("sent", sent(sent, route)));
    return json;
  }

  private static JsonObject breaker(Explanation.Delivery delivery, BreakerConfig config) {
    JsonObject json =
        new JsonObject()
            .put("enabled", config.enabled())
            .put("failure_threshold", config.failureThreshold())
            .put("recovery_timeout_ms", config.recoveryTimeout().toMillis());
    delivery
        .guard()
        .ifPresentOrElse(
            guard ->
                json.put("state", guard.state().text())
                    .put("consecutive_failures", guard.consecutiveFailures())
                    .put("open_for_ms", guard.openFor().toMillis())
                    .put("running", guard.running())
                    .put("waiting", guard.waiting())
                    .put("places", guard.limit())
                    .put("retries_left", guard.budget()),
            () -> json.put("state", "closed").put("unused", true));
    return json;
  }

  private static JsonObject instance(RouteTargets.RankedChoice choice, int rank) {
    Ranked ranked = choice.ranked();
    InstanceStatus status = ranked.status();
    return new JsonObject()
        .put("rank", rank)
        .put("id", status.instance().id())
        .put("url", choice.server().target().url())
        .put("candidate", ranked.candidate())
        .put("reason", ranked.reason())
        .put("in_flight", status.inFlight())
        .put("health", status.health().name().toLowerCase(Locale.ROOT))
        .put("failures", status.consecutiveFailures())
        .put("latency_ms", status.latency().toNanos() / 1_000 / 1_000.0);
  }

  private static String balancer(RouteConfig route) {
    return route
        .upstreams()
        .of(route.targets().get(0).host())
        .balancer()
        .strategy()
        .name()
        .toLowerCase(Locale.ROOT);
  }

  private static JsonObject time(Explanation.Delivery delivery, RouteConfig route) {
    JsonObject json =
        new JsonObject()
            .put("timeout_ms", route.timeout().toMillis())
            .put("deadline_ms", delivery.deadline().at().remainingMillis())
            .put("deadline_holds_for_body", delivery.deadline().strict());
    delivery
        .sent()
        .ifPresent(
            sent ->
                json.put("connect_ms", sent.timeouts().connect().toMillis())
                    .put("idle_ms", sent.timeouts().idle().toMillis()));
    route.resilience().hedge().map(Duration::toMillis).ifPresent(ms -> json.put("hedge_ms", ms));
    return json;
  }

  private static JsonObject retry(RetryPolicy retry) {
    return new JsonObject()
        .put("max_retries", retry.maxRetries())
        .put("base_delay_ms", retry.baseDelay().toMillis())
        .put("max_delay_ms", retry.maxDelay().toMillis())
        .put("on", new JsonArray(retry.on().names()));
  }

  private static JsonObject sent(ProxyTarget sent, RouteConfig route) {
    JsonObject headers = new JsonObject();
    JsonArray removed = new JsonArray();
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    fields.putAll(sent.setHeaders());
    fields.forEach(
        (name, value) -> {
          boolean plain =
              PLAIN.contains(name.toLowerCase(Locale.ROOT)) && !route.headers().containsKey(name);
          if (value.isEmpty()) {
            removed.add(name);
          } else {
            headers.put(name, plain ? value : "…");
          }
        });
    String origin = (sent.tls() ? "https://" : "http://") + sent.authority();
    return new JsonObject()
        .put("url", origin + sent.uri())
        .put("max_body", sent.maxBody())
        .put("set_headers", headers)
        .put("removed_headers", removed);
  }
}
