package dev.stoa.app;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
    return known(name)
        .orElseThrow(
            () ->
                new ConfigException(
                    List.of(new ConfigError("environment", "profile", "dev, test or prod", name))));
  }

  /** The same; empty where there is none. */
  static Optional<Profile> known(String name) {
    return Arrays.stream(values())
        .filter(profile -> profile.toString().equalsIgnoreCase(name))
        .findFirst();
  }

  boolean lenient() {
    return this == DEV;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
