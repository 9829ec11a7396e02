package dev.stoa.observability;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;

/** A span of OpenTelemetry's SDK. */
record OtlpSpan(Tracer tracer, io.opentelemetry.api.trace.Span span) implements Span {

  @Override
  public Span child(String name, Kind kind) {
    return new OtlpSpan(
        tracer,
        tracer
            .spanBuilder(name)
            .setParent(Context.root().with(span))
            .setSpanKind(SpanKind.valueOf(kind.name()))
            .startSpan());
  }

  @Override
  public void name(String name) {
    span.updateName(name);
  }

  @Override
  public void tag(String key, String value) {
    span.setAttribute(key, value);
  }

  @Override
  public void tag(String key, long value) {
    span.setAttribute(key, value);
  }

  @Override
  public void fail(String type) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute("error.type", type);
  }

  @Override
  public void end() {
    span.end();
  }

  @Override
  public String traceId() {
    return span.getSpanContext().getTraceId();
  }

  @Override
  public void inject(BiConsumer<String, String> fields) {
    W3CTraceContextPropagator.getInstance()
        .inject(Context.root().with(span), fields, (to, key, value) -> to.accept(key, value));
  }
}
