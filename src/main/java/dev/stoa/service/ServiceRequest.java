package dev.stoa.service;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * A call of another service's operation. Immutable.
 *
 * @param service {@code user-service}
 * @param operationId as in that service's contract
 * @param requestId of the request on whose behalf it is made
 * @param idempotencyKey null for none
 */
public record ServiceRequest(
    String service,
    String operationId,
    String requestId,
    Map<String, String> path,
    Map<String, String> query,
    JsonObject body,
    String idempotencyKey) {

  public ServiceRequest {
    path = Map.copyOf(path);
    query = Map.copyOf(query);
  }

  public static ServiceRequest to(String service, String operationId, String requestId) {
    return new ServiceRequest(service, operationId, requestId, Map.of(), Map.of(), null, null);
  }

  public ServiceRequest path(String name, String value) {
    return new ServiceRequest(
        service, operationId, requestId, plus(path, name, value), query, body, idempotencyKey);
  }

  public ServiceRequest query(String name, String value) {
    return new ServiceRequest(
        service, operationId, requestId, path, plus(query, name, value), body, idempotencyKey);
  }

  public ServiceRequest body(JsonObject json) {
    return new ServiceRequest(service, operationId, requestId, path, query, json, idempotencyKey);
  }

  /** The same call under a key: the callee does it once, however often it is asked. */
  public ServiceRequest idempotencyKey(String key) {
    return new ServiceRequest(service, operationId, requestId, path, query, body, key);
  }

  private static Map<String, String> plus(Map<String, String> map, String name, String value) {
    Map<String, String> copy = new TreeMap<>(map);
    copy.put(name, value);
    return copy;
  }
}
