package dev.stoa.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TracingTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  private final Metrics metrics = new Metrics();
  private final Tracing tracing = new Tracing(metrics);

  @AfterEach
  void close() {
    tracing.close();
    metrics.close();
  }

  @Test
  void makesNothingWhileItIsOff() {
    Span span = tracing.gateway("GET", TraceParent.of(PARENT, null));

    assertFalse(tracing.on());
    assertFalse(tracing.continues(true));
    assertSame(Span.NONE, span);
    assertSame(Span.NONE, span.child("attempt", Span.Kind.CLIENT));
    assertEquals("", span.traceId());
    span.inject((name, value) -> assertEquals("nothing", name));
  }

  @Test
  void continuesATraceAndHandsItOn() {
    configure("trusted", 1);
    Map<String, String> fields = new HashMap<>();

    Span span = tracing.gateway("GET", TraceParent.of(PARENT, "vendor=1"));
    span.child("attempt", Span.Kind.CLIENT).inject(fields::put);

    assertEquals(TRACE, span.traceId());
    assertTrue(fields.get("traceparent").startsWith("00-" + TRACE), fields::toString);
    assertFalse(fields.get("traceparent").contains("b7ad6b7169203331"), fields::toString);
    assertEquals("vendor=1", fields.get("tracestate"));
  }

  @Test
  void beginsANewTraceWhereNoneIsToldOrItIsMalformed() {
    configure("trusted", 1);

    for (String parent : new String[] {null, "", "00-x-y-01", PARENT.replace("00-0", "ff-0")}) {
      String begun = tracing.gateway("GET", TraceParent.of(parent, null)).traceId();
      assertEquals(32, begun.length());
      assertNotEquals(TRACE, begun);
    }
  }

  @Test
  void whoseTracesAreContinuedIsConfigured() {
    configure("trusted", 1);
    assertTrue(tracing.continues(true));
    assertFalse(tracing.continues(false));

    configure("always", 1);
    assertTrue(tracing.continues(false));

    configure("never", 1);
    assertFalse(tracing.continues(true));
  }

  @Test
  void tellsTheNextOneThatATraceIsNotRecorded() {
    configure("trusted", 0);
    Map<String, String> fields = new HashMap<>();

    tracing.gateway("GET", TraceParent.NONE).inject(fields::put);

    String flags = fields.get("traceparent").substring(53);
    assertEquals(0, Integer.parseInt(flags, 16) & 1, fields::toString);
  }

  @Test
  void aBadEndpointIsAnErrorOfItsKey() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject(
                "{\"tracing\": {\"otlp\": {\"endpoint\": \"ftp://x\"}, \"sampling\": 2}}"));

    TracingConfig.from(reader);

    String errors = reader.errors().toString();
    assertTrue(errors.contains("tracing.otlp.endpoint"), errors);
    assertTrue(errors.contains("tracing.sampling"), errors);
  }

  private void configure(String incoming, double sampling) {
    JsonObject own =
        new JsonObject()
            .put("enabled", true)
            .put("sampling", sampling)
            .put("incoming", incoming)
            .put("otlp", new JsonObject().put("endpoint", "http://127.0.0.1:9"));
    tracing.configure(
        TracingConfig.from(ConfigReader.of(new JsonObject().put("tracing", own))), "node-1");
  }
}
