package dev.stoa.service;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What another service answered, as its caller sees it: a reply, or its problem as our own
 * exception.
 */
final class RemoteAnswer {
  private static final String RETRY_AFTER = "Retry-After";

  private RemoteAnswer() {}

  static Future<Reply> of(
      String service, int status, Map<String, String> headers, JsonObject body) {
    if (status < 400) {
      return Future.succeededFuture(new Reply(status, body, headers));
    }
    ProblemType type =
        body == null ? null : ProblemType.of(String.valueOf(body.getValue("type"))).orElse(null);
    if (type == null || type.status() != status || type == ProblemType.INTERNAL_ERROR) {
      return Future.failedFuture(
          new ProblemException(ProblemType.BAD_GATEWAY, service + " answered what it should not."));
    }
    ProblemException problem =
        new ProblemException(type, String.valueOf(body.getValue("detail")))
            .withErrors(errors(body));
    String retryAfter = headers.get(RETRY_AFTER);
    return Future.failedFuture(
        retryAfter == null ? problem : problem.withHeader(RETRY_AFTER, retryAfter));
  }

  private static List<FieldError> errors(JsonObject body) {
    List<FieldError> errors = new ArrayList<>();
    if (body.getValue("errors") instanceof JsonArray array) {
      for (Object entry : array) {
        if (entry instanceof JsonObject error) {
          errors.add(new FieldError(error.getString("field", ""), error.getString("reason", "")));
        }
      }
    }
    return errors;
  }

  /** Nothing was sent: no instance is there to take it. */
  static ProblemException unreachable(String service) {
    return new ProblemException(ProblemType.SERVICE_UNAVAILABLE, service + " is not available.")
        .withHeader(RETRY_AFTER, "1");
  }

  static ProblemException timedOut(String service) {
    return new ProblemException(ProblemType.GATEWAY_TIMEOUT, service + " did not answer in time.");
  }

  static ProblemException broken(String service) {
    return new ProblemException(ProblemType.BAD_GATEWAY, service + " broke off the call.");
  }
}
