package dev.stoa.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** {@code service.log_level}: how much of our own doings the log tells. */
enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR;

  void apply() {
    if (LoggerFactory.getLogger("dev.stoa") instanceof Logger logger) {
      logger.setLevel(Level.valueOf(name()));
    }
  }
}
