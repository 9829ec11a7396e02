package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * How requests are shared among instances: {@code load_balancer} of the configuration, which is a
 * strategy's name or a mapping.
 *
 * @param key for consistent hashing of a route: by what; calls between services go by their path
 * @param loadBound for consistent hashing: how many times the average an instance may bear
 * @param slowStart for how long a newcomer gets less than its share; zero for not at all
 * @param preferZone whether instances in the zone of this process come first
 */
public record BalancerConfig(
    Strategy strategy, KeySource key, double loadBound, Duration slowStart, boolean preferZone) {

  /** The rules for picking one. */
  public enum Strategy {
    ROUND_ROBIN,
    LEAST_REQUESTS,
    POWER_OF_TWO,
    RANDOM,
    WEIGHTED,
    CONSISTENT_HASH
  }

  public static final BalancerConfig DEFAULT =
      new BalancerConfig(Strategy.ROUND_ROBIN, KeySource.CLIENT, 1.25, Duration.ZERO, false);

  private static final String KEY = "load_balancer";
  private static final List<String> KEYS =
      List.of("strategy", "key", "load_bound", "slow_start", "prefer_zone");

  /** What {@code parent} says of it; for what it does not say, {@code fallback}. */
  static BalancerConfig from(ConfigReader parent, BalancerConfig fallback) {
    if (!parent.has(KEY)) {
      return fallback;
    }
    if (!(parent.value(KEY).orElse(null) instanceof JsonObject)) {
      return fallback.with(parent.oneOf(KEY, Strategy.class, fallback.strategy));
    }
    ConfigReader own = parent.section(KEY);
    own.keys().stream()
        .filter(key -> !KEYS.contains(key))
        .forEach(key -> own.error(key, "a key out of " + String.join(", ", KEYS)));
    Strategy strategy = own.oneOf("strategy", Strategy.class, fallback.strategy);
    for (String key : List.of("key", "load_bound")) {
      if (own.has(key) && strategy != Strategy.CONSISTENT_HASH) {
        own.warn(key, "has no effect but with the strategy consistent_hash");
      }
    }
    return new BalancerConfig(
        strategy,
        KeySource.from(own, "key", fallback.key),
        own.decimal("load_bound", fallback.loadBound, 1.01, 100),
        own.duration("slow_start", fallback.slowStart),
        own.bool("prefer_zone", fallback.preferZone));
  }

  /** Whether picks need a key. */
  public boolean hashes() {
    return strategy == Strategy.CONSISTENT_HASH;
  }

  /** The same with another strategy. */
  BalancerConfig with(Strategy other) {
    return new BalancerConfig(other, key, loadBound, slowStart, preferZone);
  }
}
