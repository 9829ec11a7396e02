package dev.stoa.observability;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans, counts them, and says once that the collector is away and once that it is back. What
 * cannot be sent is lost: traces are not worth an outage.
 */
final class WatchedExporter implements SpanExporter {
  private static final Logger LOG = LoggerFactory.getLogger(Tracing.class);

  private final SpanExporter exporter;
  private final String collector;
  private final Metrics metrics;
  private volatile boolean away;

  WatchedExporter(SpanExporter exporter, String collector, Metrics metrics) {
    this.exporter = exporter;
    this.collector = collector;
    this.metrics = metrics;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode sent = exporter.export(spans);
    sent.whenComplete(() -> note(sent.isSuccess(), spans.size()));
    return sent;
  }

  /** One batch at a time is under way. */
  private void note(boolean success, int spans) {
    metrics.count(
        "stoa_tracing_spans",
        "Spans that the collector has taken, and those that were lost on the way.",
        Map.of("outcome", success ? "sent" : "lost"),
        spans);
    if (success && away) {
      LOG.info("the collector of traces at {} is back", collector);
    } else if (!success && !away) {
      LOG.warn("the collector of traces at {} does not take them; they are lost", collector);
    }
    away = !success;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
