package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * How instances are asked whether they are well: {@code health_check} of the configuration. Off
 * unless enabled: registries check already, and failing calls eject.
 *
 * @param path of the GET request; any status from 200 to 299 is healthy
 * @param interval between two checks of one instance, varied at random by a tenth
 * @param timeout after which a check has failed
 * @param unhealthyAfter so many failures in a row take an instance out
 * @param healthyAfter so many successes in a row bring it back
 */
public record HealthCheck(
    boolean enabled,
    String path,
    Duration interval,
    Duration timeout,
    int unhealthyAfter,
    int healthyAfter) {

  public static final HealthCheck DEFAULT =
      new HealthCheck(false, "/health", Duration.ofSeconds(10), Duration.ofSeconds(2), 3, 2);

  private static final String KEY = "health_check";
  private static final int MOST = 100;

  /** What {@code parent} says of it; for what it does not say, {@code fallback}. */
  static HealthCheck from(ConfigReader parent, HealthCheck fallback) {
    ConfigReader own = parent.section(KEY);
    String path = own.string("path", fallback.path);
    if (!path.matches("/[\\x21-\\x7e]*")) {
      own.error("path", "a path like /health");
    }
    return new HealthCheck(
        own.bool("enabled", fallback.enabled),
        path,
        Positive.duration(own, "interval", fallback.interval),
        Positive.duration(own, "timeout", fallback.timeout),
        own.integer("unhealthy_after", fallback.unhealthyAfter, 1, MOST),
        own.integer("healthy_after", fallback.healthyAfter, 1, MOST));
  }
}
