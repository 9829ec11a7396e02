package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import dev.stoa.e2e.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheredLinesTest {
  private final LoggerContext context = new LoggerContext();
  private final Console console = new Console();
  private final GatheredLines lines = GatheredLines.to(console, "test", context);

  /** Remembers what is written, and by whom. */
  private static final class Console extends AppenderBase<ILoggingEvent> {
    final List<String> written = new CopyOnWriteArrayList<>();
    volatile Thread writer;

    @Override
    protected void append(ILoggingEvent line) {
      writer = Thread.currentThread();
      written.add(line.getFormattedMessage());
    }
  }

  GatheredLinesTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
    console.setContext(context);
    console.start();
  }

  @AfterEach
  void stop() {
    lines.stop();
    context.stop();
  }

  @Test
  void writesInOrderOnAThreadOfItsOwn() {
    IntStream.range(0, 100).forEach(this::log);

    Eventually.within(Duration.ofSeconds(30), "all lines", () -> console.written.size() == 100);
    assertEquals(IntStream.range(0, 100).mapToObj(i -> "line " + i).toList(), console.written);
    assertTrue(console.writer.isDaemon());
    assertEquals("log-test", console.writer.getName());
  }

  @Test
  void writesWhatIsThereBeforeItEnds() {
    log(0);
    log(1);

    lines.stop();

    // On a busy machine that may take longer than an end may.
    Eventually.within(Duration.ofSeconds(30), "both lines", () -> console.written.size() == 2);
  }

  @Test
  void losesLinesRatherThanWaitWhereNobodyReads() {
    synchronized (console) { // which the writer needs for each line
      IntStream.range(0, 20_000).forEach(this::log);
    }

    log(20_000);
    Eventually.within(
        Duration.ofSeconds(30),
        "the last line, or one before it",
        () -> console.written.size() >= 8_192);
    assertTrue(console.written.size() < 20_000);
    assertEquals("line 0", console.written.get(0));
  }

  private void log(int number) {
    LoggingEvent line =
        new LoggingEvent("", context.getLogger("access"), Level.INFO, "line " + number, null, null);
    lines.doAppend(line);
  }
}
