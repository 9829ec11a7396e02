package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private final LoggerContext context = new LoggerContext();
  private final JsonLines lines = JsonLines.with(context, "one");

  @Test
  void tellsTheTimeToTheMillisecondFromOneSecondToTheNext() {
    for (String time :
        new String[] {
          "2026-11-25T23:59:59.007Z",
          "2026-11-25T23:59:59.999Z",
          "2026-11-26T00:00:00.000Z",
          "2026-11-25T23:59:59.120Z"
        }) {
      LoggingEvent line =
          new LoggingEvent("", context.getLogger("a"), Level.INFO, "done", null, null);
      line.setInstant(Instant.parse(time).plusNanos(999_999));

      assertEquals(time, Buffer.buffer(lines.encode(line)).toJsonObject().getString("time"));
    }
  }
}
