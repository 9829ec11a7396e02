package dev.stoa.app;

import dev.stoa.config.ConfigReader;

/**
 * How the log speaks, and of how much: {@code logging.format} and {@code service.log_level}.
 *
 * @param level of our own doings
 */
record LogConfig(LogLevel level, Format format) {

  enum Format {
    /** Lines for people. */
    TEXT,
    /** A JSON object on each line, for what collects logs. */
    JSON;

    /** Where nothing is said. */
    static Format of(Profile profile) {
      return profile == Profile.PROD ? JSON : TEXT;
    }
  }

  static LogConfig from(ConfigReader root, Profile profile) {
    return new LogConfig(
        root.oneOf("service.log_level", LogLevel.class, LogLevel.INFO),
        root.oneOf("logging.format", Format.class, Format.of(profile)));
  }
}
