package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/** Durations that may not be zero. */
final class Positive {
  private Positive() {}

  static Duration duration(ConfigReader reader, String key, Duration defaultValue) {
    Duration value = reader.duration(key, defaultValue);
    if (value.isZero()) {
      reader.error(key, "more than zero");
      return defaultValue;
    }
    return value;
  }
}
