package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Reads a whole request body that must be small and come soon. */
final class BoundedBody {
  private BoundedBody() {}

  /**
   * The body of a paused request; fails with PAYLOAD_TOO_LARGE or, where it takes too long,
   * MALFORMED_REQUEST.
   */
  static Future<Buffer> read(Vertx vertx, HttpServerRequest request, int max, Duration patience) {
    Promise<Buffer> body = Promise.promise();
    Buffer read = Buffer.buffer();
    long timer =
        vertx.setTimer(
            patience.toMillis(),
            id ->
                body.tryFail(
                    new ProblemException(
                        ProblemType.MALFORMED_REQUEST, "The body did not arrive.")));
    request.handler(
        chunk -> {
          read.appendBuffer(chunk);
          if (read.length() > max) {
            request.pause();
            body.tryFail(
                new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE, "The body may have " + max + " bytes."));
          }
        });
    request.endHandler(v -> body.tryComplete(read));
    request.exceptionHandler(body::tryFail);
    if (HeaderRules.expectsContinue(request)) {
      request.response().writeContinue();
    }
    request.resume();
    return body.future().onComplete(done -> vertx.cancelTimer(timer));
  }
}
