package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.regex.Pattern;

/** Reads a request body that has to be one JSON object, must be small and come soon. */
final class JsonBody {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Pattern JSON =
      Pattern.compile("(?i)application/json *(; *charset=\"?utf-8\"? *)?");

  private JsonBody() {}

  /**
   * The body of a paused request. Throws UNSUPPORTED_MEDIA_TYPE where it is declared to be
   * something else; fails with MALFORMED_REQUEST, or as {@link BoundedBody} does.
   *
   * @param max in bytes
   */
  static Future<JsonObject> read(Vertx vertx, HttpServerRequest request, int max) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !JSON.matcher(type.strip()).matches()) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.");
    }
    return BoundedBody.read(vertx, request, max, PATIENCE)
        .map(
            body ->
                StrictJson.object(body.getBytes())
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                ProblemType.MALFORMED_REQUEST,
                                "The body must be " + StrictJson.RULE + ".")));
  }
}
