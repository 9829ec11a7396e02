package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.limits.Limit;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * The limits that hold without a route saying so: {@code rate_limiting} of the configuration.
 *
 * @param standard for routes without a limit of their own
 * @param login how often one address may try to log in; the same for registering
 * @param failedAuthentication how many requests of one address may be refused for their token
 */
record RateLimits(Limit standard, Limit login, Limit failedAuthentication) {
  private static final int MAX_BURST = 1_000_000;

  static RateLimits from(ConfigReader root) {
    ConfigReader own = root.section("rate_limiting");
    Limit standard = limit(own, "default_limit").orElse(Limit.perMinute(100));
    int burst = own.integer("burst_limit", Math.min(2 * standard.count(), MAX_BURST), 1, MAX_BURST);
    Optional<Limit> bursting = standard.withBurst(burst);
    if (bursting.isEmpty()) {
      own.error("burst_limit", "a burst that refills within 1000 days");
    }
    return new RateLimits(
        bursting.orElse(standard),
        limit(own, "login_limit").orElse(Limit.perMinute(20)),
        limit(own, "failed_auth_limit").orElse(Limit.perMinute(100)));
  }

  /**
   * The limit at {@code key}: {@code 100/minute}, or {@code {limit: 100/minute, burst: 200}}, or
   * {@code none}.
   */
  static Optional<Limit> limit(ConfigReader reader, String key) {
    Object value = reader.value(key).orElse("none");
    if (value.equals("none")) {
      return Optional.empty();
    }
    boolean mapping = value instanceof JsonObject;
    ConfigReader at = mapping ? reader.section(key) : reader;
    String textKey = mapping ? "limit" : key;
    Optional<Limit> limit =
        at.value(textKey)
            .filter(String.class::isInstance)
            .map(String.class::cast)
            .flatMap(Limit::parse);
    if (limit.isEmpty()) {
      at.error(textKey, Limit.SHAPE);
      return limit;
    }
    if (!mapping) {
      return limit;
    }
    Optional<Limit> bursting =
        limit.get().withBurst(at.integer("burst", limit.get().count(), 1, MAX_BURST));
    if (bursting.isEmpty()) {
      at.error("burst", "a burst that refills within 1000 days");
    }
    return bursting;
  }
}
