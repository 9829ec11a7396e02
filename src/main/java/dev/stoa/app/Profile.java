package dev.stoa.app;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigException;
import java.util.List;
import java.util.Locale;

/**
 * Where the process runs. {@code dev} forgives weak secrets and prints what helps; the others do
 * not.
 */
enum Profile {
  DEV,
  TEST,
  PROD;

  /** The profile of this name, in any case. */
  static Profile named(String name) {
    for (Profile profile : values()) {
      if (profile.toString().equalsIgnoreCase(name)) {
        return profile;
      }
    }
    throw new ConfigException(
        List.of(new ConfigError("environment", "profile", "dev, test or prod", name)));
  }

  boolean lenient() {
    return this == DEV;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
