package dev.stoa.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A collector of traces, which takes OTLP over HTTP as protobuf and keeps it all in memory. */
final class Collector implements AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();

  /** A span as it was sent; ids as hexadecimal digits, the parent's empty at a root. */
  record Received(
      String service,
      String name,
      String traceId,
      String id,
      String parent,
      Map<String, String> tags) {}

  private final List<Received> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final int port;
  private HttpServer server;

  private Collector(int port) {
    this.port = port;
  }

  /** One at this port; not there yet. */
  static Collector at(int port) {
    return new Collector(port);
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  Collector start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/traces", this::take);
    server.start();
    return this;
  }

  List<Received> spans() {
    return List.copyOf(spans);
  }

  /** Those of one trace. */
  List<Received> trace(String traceId) {
    return spans.stream().filter(span -> span.traceId.equals(traceId)).toList();
  }

  /** What came in the field Authorization. */
  List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void take(HttpExchange exchange) throws IOException {
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList().stream()
        .forEach(
            from ->
                from.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .forEach(span -> spans.add(received(from.getResource(), span))));
    exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  private static Received received(Resource resource, io.opentelemetry.proto.trace.v1.Span span) {
    return new Received(
        tags(resource.getAttributesList()).get("service.name"),
        span.getName(),
        HEX.formatHex(span.getTraceId().toByteArray()),
        HEX.formatHex(span.getSpanId().toByteArray()),
        HEX.formatHex(span.getParentSpanId().toByteArray()),
        tags(span.getAttributesList()));
  }

  private static Map<String, String> tags(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                tag ->
                    tag.getValue().hasIntValue()
                        ? Long.toString(tag.getValue().getIntValue())
                        : tag.getValue().getStringValue(),
                (a, b) -> b,
                TreeMap::new));
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
