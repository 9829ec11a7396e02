package dev.stoa.app;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Lines that a thread of its own writes, a moment's worth at a time: whoever has one to write
 * neither waits nor wakes that thread, which for a few hundred lines a second costs more than the
 * lines do. Where more come than can be written, some get lost. Safe on any thread.
 */
final class GatheredLines extends UnsynchronizedAppenderBase<ILoggingEvent> {
  private static final int QUEUE = 8_192;

  /** So few that a line is never late for anybody, and the queue is far from full meanwhile. */
  private static final Duration MOMENT = Duration.ofMillis(20);

  private static final Duration TO_THE_END = Duration.ofSeconds(1);

  private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Appender<ILoggingEvent> target;
  private final Thread writer = new Thread(this::write);

  private GatheredLines(Appender<ILoggingEvent> target) {
    this.target = target;
  }

  /** Begins, under this name. */
  static GatheredLines to(Appender<ILoggingEvent> target, String name, LoggerContext context) {
    GatheredLines lines = new GatheredLines(target);
    lines.setContext(context);
    lines.setName(name);
    lines.writer.setName("log-" + name);
    lines.writer.setDaemon(true);
    lines.writer.start();
    lines.start();
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    queue.offer(event);
  }

  private void write() {
    List<ILoggingEvent> lines = new ArrayList<>();
    try {
      while (!Thread.interrupted()) {
        lines.add(queue.take());
        Thread.sleep(MOMENT.toMillis());
        writeAll(lines);
      }
    } catch (InterruptedException end) {
      // what is there is still written
    }
    writeAll(lines);
  }

  private void writeAll(List<ILoggingEvent> lines) {
    queue.drainTo(lines);
    lines.forEach(target::doAppend);
    lines.clear();
  }

  /** Writes what is there, for a second at most. */
  @Override
  public void stop() {
    super.stop();
    writer.interrupt();
    try {
      writer.join(TO_THE_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
