package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * One validated call of an operation, the same over HTTP and the event bus.
 *
 * @param operationId as in the contract
 * @param path path parameters
 * @param query query parameters that the contract declares and the caller gave
 * @param body the JSON body, an empty object where the operation has none
 * @param caller who calls; empty only for public operations
 * @param requestId goes into each log line and each call made on behalf of this one
 * @param work what is asked for; the same work each time it is asked for under one Idempotency-Key
 */
public record Call(
    String operationId,
    Map<String, String> path,
    Map<String, String> query,
    JsonObject body,
    Optional<Identity> caller,
    String requestId,
    Work work) {

  public Call {
    path = Map.copyOf(path);
    query = Map.copyOf(query);
  }

  /** A path parameter; the contract has made sure that it is there. */
  public String path(String name) {
    return path.get(name);
  }

  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }

  /** Who calls; a 401 problem where nobody has proven who they are. */
  public Identity identity() {
    return caller.orElseThrow(
        () ->
            new ProblemException(
                ProblemType.MISSING_TOKEN, "This operation needs a bearer token."));
  }

  /** Where and how many: the page that {@code limit} and {@code cursor} ask for. */
  public PageRequest page() {
    return PageRequest.from(query);
  }
}
