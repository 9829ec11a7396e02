package dev.stoa.service;

import dev.stoa.observability.Span;
import dev.stoa.observability.TraceParent;
import dev.stoa.resilience.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A service on the event bus: calls come as JSON envelopes, and answers go back as such. */
final class BusBinding {
  private final MessageConsumer<JsonObject> consumer;

  private BusBinding(MessageConsumer<JsonObject> consumer) {
    this.consumer = consumer;
  }

  static String address(String service) {
    return "stoa.service." + service;
  }

  static Future<BusBinding> open(Vertx vertx, String service, Dispatcher dispatcher) {
    MessageConsumer<JsonObject> consumer = vertx.eventBus().consumer(address(service));
    consumer.handler(
        message -> dispatcher.dispatch(incoming(message)).onSuccess(a -> reply(message, a)));
    return consumer.completion().map(new BusBinding(consumer));
  }

  Future<Void> close() {
    return consumer.unregister();
  }

  /** The envelope of a call. */
  static JsonObject envelope(
      ServiceRequest request, String authorization, Deadline deadline, Span span) {
    JsonObject envelope = new JsonObject();
    span.inject(envelope::put);
    return envelope
        .put("operation", request.operationId())
        .put("path", texts(request.path()))
        .put("query", texts(request.query()))
        .put("body", request.body())
        .put("authorization", authorization)
        .put("idempotency_key", request.idempotencyKey())
        .put("request_id", request.requestId())
        .put("timeout_ms", deadline.remainingMillis());
  }

  private static Incoming incoming(Message<JsonObject> message) {
    JsonObject envelope = message.body();
    String operation = envelope.getString("operation", "");
    return new Incoming(
        operation,
        map(envelope.getJsonObject("path")),
        map(envelope.getJsonObject("query")),
        () -> Optional.ofNullable(envelope.getJsonObject("body")),
        envelope.getString("authorization"),
        Stream.ofNullable(envelope.getString("idempotency_key")).toList(),
        envelope.getString("request_id", ""),
        Deadline.parse(String.valueOf(envelope.getValue("timeout_ms"))),
        TraceParent.of(
            envelope.getString(TraceParent.FIELD), envelope.getString(TraceParent.STATE_FIELD)),
        message.address() + "/" + operation);
  }

  private static void reply(Message<JsonObject> message, Answer answer) {
    message.reply(
        new JsonObject()
            .put("status", answer.status())
            .put("headers", texts(answer.headers()))
            .put("body", answer.body()));
  }

  private static JsonObject texts(Map<String, String> map) {
    JsonObject json = new JsonObject();
    map.forEach(json::put);
    return json;
  }

  static Map<String, String> map(JsonObject json) {
    Map<String, String> map = new TreeMap<>();
    if (json != null) {
      json.forEach(entry -> map.put(entry.getKey(), String.valueOf(entry.getValue())));
    }
    return map;
  }
}
