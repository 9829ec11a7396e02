package dev.stoa.discovery;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps what a class logs, instead of printing it, until it is closed. */
final class CaughtLog implements AutoCloseable {
  private final Logger logger;
  private final ListAppender<ILoggingEvent> kept = new ListAppender<>();

  CaughtLog(Class<?> of) {
    logger = (Logger) LoggerFactory.getLogger(of);
    kept.start();
    logger.addAppender(kept);
    logger.setAdditive(false);
  }

  List<String> lines() {
    return List.copyOf(kept.list).stream()
        .map(event -> event.getLevel() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    logger.setAdditive(true);
    logger.detachAppender(kept);
  }
}
