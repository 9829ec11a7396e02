package dev.stoa.observability;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Traces by OpenTelemetry's SDK: one queue of spans for the process, bounded, from which a thread
 * of its own sends batches; what does not fit is dropped. Each service has a resource of its own,
 * since that is where OpenTelemetry keeps a service's name. The only class, with {@link OtlpSpan}
 * and {@link WatchedExporter}, that knows the library.
 */
final class OtlpExport implements TraceExport {
  private static final int QUEUE = 4_096;
  private static final int BATCH = 512;
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long LAST_WORDS_SECONDS = 3;
  private static final String SCOPE = "dev.stoa";

  /** It says at each failure what {@link WatchedExporter} says once; held, lest it is forgotten. */
  private static final Logger LIBRARY = Logger.getLogger("io.opentelemetry");

  private static final TextMapGetter<TraceParent> GETTER =
      new TextMapGetter<>() {
        @Override
        public String get(TraceParent parent, String key) {
          return TraceParent.FIELD.equals(key) ? parent.traceparent() : parent.tracestate();
        }
      };

  private final TracingConfig config;
  private final String node;
  private final SpanProcessor processor;
  private final Sampler sampler;
  private final Map<String, Tracer> tracers = new ConcurrentHashMap<>();

  OtlpExport(TracingConfig config, String node, Metrics metrics) {
    LIBRARY.setLevel(Level.OFF);
    this.config = config;
    this.node = node;
    this.sampler = Sampler.parentBased(Sampler.traceIdRatioBased(config.sampling()));
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(config.endpoint().toString())
            .setTimeout(config.timeout())
            .setRetryPolicy(null);
    config.headers().forEach(exporter::addHeader);
    this.processor =
        BatchSpanProcessor.builder(
                new WatchedExporter(exporter.build(), config.endpoint().getAuthority(), metrics))
            .setMaxQueueSize(QUEUE)
            .setMaxExportBatchSize(BATCH)
            .setScheduleDelay(PAUSE)
            .setExporterTimeout(config.timeout())
            .build();
  }

  @Override
  public Span begin(String service, String name, Span.Kind kind, TraceParent parent) {
    Tracer tracer = tracers.computeIfAbsent(service, this::tracer);
    Context context =
        W3CTraceContextPropagator.getInstance().extract(Context.root(), parent, GETTER);
    return new OtlpSpan(
        tracer,
        tracer
            .spanBuilder(name)
            .setParent(context)
            .setSpanKind(SpanKind.valueOf(kind.name()))
            .startSpan());
  }

  private Tracer tracer(String service) {
    Resource resource =
        Resource.create(
            Attributes.of(
                AttributeKey.stringKey("service.name"),
                service,
                AttributeKey.stringKey("service.namespace"),
                config.serviceName(),
                AttributeKey.stringKey("service.instance.id"),
                node));
    return SdkTracerProvider.builder()
        .setResource(resource)
        .setSampler(sampler)
        .addSpanProcessor(processor)
        .build()
        .get(SCOPE);
  }

  @Override
  public String gatewayName() {
    return config.serviceName();
  }

  @Override
  public TracingConfig.Incoming incoming() {
    return config.incoming();
  }

  @Override
  public void close() {
    CompletableResultCode flushed = processor.shutdown();
    flushed.join(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
  }
}
