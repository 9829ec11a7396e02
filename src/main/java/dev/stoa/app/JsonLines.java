package dev.stoa.app;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.stoa.observability.RequestScope;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/**
 * A line of the log as a JSON object: {@code time} (UTC, ISO 8601), {@code level}, {@code logger},
 * {@code message}, {@code node}, {@code request_id} and {@code trace_id} where it is about a
 * request, {@code error} with the stack trace, and whatever else the line says by name.
 */
final class JsonLines extends EncoderBase<ILoggingEvent> {
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final byte[] NOTHING = {};

  private static final int NANOS_PER_MILLI = 1_000_000;

  /** A second as text. */
  private record Second(long at, String text) {}

  private final String node;
  private volatile Second last = second(Instant.EPOCH);

  private JsonLines(String node) {
    this.node = node;
  }

  static JsonLines with(LoggerContext context, String node) {
    JsonLines lines = new JsonLines(node);
    lines.setContext(context);
    lines.start();
    return lines;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    JsonObject line =
        new JsonObject()
            .put("time", time(event.getInstant()))
            .put("level", event.getLevel().toString())
            .put("logger", event.getLoggerName())
            .put("message", event.getFormattedMessage());
    if (!node.isEmpty()) {
      line.put("node", node);
    }
    RequestScope scope = RequestScope.current();
    if (!scope.requestId().isEmpty()) {
      line.put("request_id", scope.requestId());
    }
    if (!scope.span().traceId().isEmpty()) {
      line.put("trace_id", scope.span().traceId());
    }
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.put(pair.key, pair.value);
      }
    }
    if (event.getThrowableProxy() != null) {
      line.put("error", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return (line.encode() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Most lines are of the second of the one before. */
  private String time(Instant instant) {
    Second now = last;
    if (now.at != instant.getEpochSecond()) {
      now = second(instant);
      last = now;
    }
    String millis = Integer.toString(1_000 + instant.getNano() / NANOS_PER_MILLI);
    return now.text + '.' + millis.substring(1) + 'Z';
  }

  private static Second second(Instant instant) {
    return new Second(instant.getEpochSecond(), SECONDS.format(instant));
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
