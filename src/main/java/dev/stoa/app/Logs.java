package dev.stoa.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.LoggerFactory;

/**
 * The log of the running process: brings its configuration into force. What somebody has set up by
 * {@code -Dlogback.configurationFile} stays as it is, but for the level.
 */
final class Logs {
  static final String CONSOLE = "console";

  private static final String ACCESS = "access";

  private Logs() {}

  /** How lines look until the configuration is known. */
  static void begin(Profile profile) {
    format(LogConfig.Format.of(profile), "");
  }

  /**
   * From now on like this.
   *
   * @param node the name of this process, in each JSON object
   */
  static void apply(LogConfig config, String node) {
    config.level().apply();
    format(config.format(), node);
  }

  /** Writes what is queued. */
  static void end() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(ACCESS).getAppender(ACCESS) instanceof GatheredLines queue) {
      queue.stop();
    }
  }

  private static void format(LogConfig.Format format, String node) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender(CONSOLE)
            instanceof ConsoleAppender<ILoggingEvent> console) {
      Encoder<ILoggingEvent> encoder =
          format == LogConfig.Format.JSON ? JsonLines.with(context, node) : LogSetup.text(context);
      console.setEncoder(encoder);
      queueAccess(context, console);
    }
  }

  /** Lines of exchanges are many, and no event loop waits for whoever reads them: some get lost. */
  private static void queueAccess(LoggerContext context, ConsoleAppender<ILoggingEvent> console) {
    Logger access = context.getLogger(ACCESS);
    if (access.getAppender(ACCESS) == null) {
      access.setAdditive(false);
      access.setLevel(Level.INFO);
      access.addAppender(GatheredLines.to(console, ACCESS, context));
    }
  }
}
