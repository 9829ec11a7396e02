package dev.stoa.service;

import dev.stoa.observability.TraceParent;
import dev.stoa.resilience.Deadline;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A call as a transport received it: nothing of it is proven or checked yet.
 *
 * @param body reads the body when it is its turn; throws a problem where it is no JSON object
 * @param authorization null where there is none
 * @param keys the fields {@code Idempotency-Key}
 * @param deadline until when the caller waits; empty where it does not say
 * @param trace the trace that the caller works in
 * @param instance what a problem names as its {@code instance}
 */
record Incoming(
    String operationId,
    Map<String, String> path,
    Map<String, String> query,
    Supplier<Optional<JsonObject>> body,
    String authorization,
    List<String> keys,
    String requestId,
    Optional<Deadline> deadline,
    TraceParent trace,
    String instance) {}
