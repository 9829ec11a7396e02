package dev.stoa.edge;

import java.time.Duration;
import java.util.Objects;

/**
 * When an event loop that cannot keep up turns requests away. Read anew for each decision, so they
 * can be reloaded.
 *
 * @param enabled whether it ever does
 * @param target how long a request may wait for the loop while it is behind
 * @param interval for how long the loop must not have caught up to be behind; until then a request
 *     may wait as long as that
 * @param rest how long a client that was turned away is not read, and is asked to wait; twice as
 *     long each time in a row, up to eight times
 */
public record OverloadLimits(boolean enabled, Duration target, Duration interval, Duration rest) {
  public static final OverloadLimits DEFAULT =
      new OverloadLimits(
          true, Duration.ofMillis(50), Duration.ofMillis(500), Duration.ofSeconds(1));

  public OverloadLimits {
    Objects.requireNonNull(rest, "rest");
    if (target.isZero() || target.compareTo(interval) > 0) {
      throw new IllegalArgumentException("the target must be positive and within the interval");
    }
  }
}
