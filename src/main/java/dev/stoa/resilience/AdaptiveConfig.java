package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;

/**
 * How the number of places of a bulkhead follows what the upstream can take: {@code adaptive_limit}
 * of the configuration. The most there can be is the bulkhead's.
 *
 * @param minLimit never fewer
 * @param initialLimit to begin with
 */
public record AdaptiveConfig(Algorithm algorithm, int minLimit, int initialLimit) {

  /** How the limit is found. */
  public enum Algorithm {
    /** It stays what it is. */
    NONE,
    /** Less when calls time out or are refused for overload, more when they are not. */
    AIMD,
    /** The same, and less as soon as answers take longer than they usually do. */
    GRADIENT
  }

  public static final AdaptiveConfig DEFAULT = new AdaptiveConfig(Algorithm.AIMD, 16, 256);

  private static final int MANY = 1_000_000;

  static AdaptiveConfig from(ConfigReader at, AdaptiveConfig defaults) {
    int min = at.integer("min_limit", defaults.minLimit(), 1, MANY);
    return new AdaptiveConfig(
        at.oneOf("algorithm", Algorithm.class, defaults.algorithm()),
        min,
        at.integer("initial_limit", Math.max(min, defaults.initialLimit()), min, MANY));
  }
}
