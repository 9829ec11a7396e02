package dev.stoa.service;

import dev.stoa.problem.Problem;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reply or a problem, ready for any transport.
 *
 * @param body null where there is none
 */
record Answer(int status, Map<String, String> headers, String contentType, JsonObject body) {
  private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

  private static final int FIRST_ERROR = 400;

  /** A result that is an error, too, has the members of a problem beside its own. */
  static Answer of(Reply reply) {
    String type = reply.status() < FIRST_ERROR ? "application/json" : Problem.MEDIA_TYPE;
    return new Answer(reply.status(), reply.headers(), type, reply.body());
  }

  /**
   * The answer to a failure. One that is no {@code ProblemException} is a bug: it is logged here,
   * once.
   */
  static Answer of(Throwable failure, String instance, String requestId) {
    ProblemException problem;
    if (failure instanceof ProblemException known) {
      problem = known;
    } else {
      LOG.error("request {} to {} failed", requestId, instance, failure);
      problem =
          new ProblemException(ProblemType.INTERNAL_ERROR, "Something went wrong on our side.");
    }
    return new Answer(
        problem.type().status(),
        problem.headers(),
        Problem.MEDIA_TYPE,
        problem.toProblem(instance, requestId).toJson());
  }
}
