package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/** Durations that have bounds. */
final class Durations {
  private Durations() {}

  static Duration within(
      ConfigReader at, String key, Duration defaultValue, long minMillis, Duration max) {
    Duration value = at.duration(key, defaultValue);
    if (value.toMillis() < minMillis || value.compareTo(max) > 0) {
      at.error(key, "a duration from " + minMillis + "ms to " + max.toSeconds() + "s");
      return defaultValue;
    }
    return value;
  }
}
