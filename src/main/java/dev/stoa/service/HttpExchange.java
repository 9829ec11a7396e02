package dev.stoa.service;

import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.observability.TraceParent;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Deadline;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One request to a service over HTTP and the answer to it: read as what an operation takes, and
 * written from what it answers.
 */
final class HttpExchange {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]{1,64}){1,8}");

  private static final Map<Integer, ProblemType> BY_STATUS =
      Map.of(
          400, ProblemType.MALFORMED_REQUEST,
          404, ProblemType.NOT_FOUND,
          413, ProblemType.PAYLOAD_TOO_LARGE,
          414, ProblemType.URI_TOO_LONG,
          415, ProblemType.UNSUPPORTED_MEDIA_TYPE,
          431, ProblemType.HEADERS_TOO_LARGE);

  private final RoutingContext context;

  HttpExchange(RoutingContext context) {
    this.context = context;
  }

  /** Gives the request its id, unless it has brought one, and goes on with it. */
  void identify(Uuid7 ids) {
    String given = context.request().getHeader("X-Request-Id");
    String id = given != null && REQUEST_ID.matcher(given).matches() ? given : ids.next();
    context.put("request_id", id);
    context.response().putHeader("X-Request-Id", id);
    context.next();
  }

  /** As what an operation takes; its body is read when it is asked for. */
  Incoming incoming(String operationId) {
    return new Incoming(
        operationId,
        context.pathParams(),
        single(context.queryParams()),
        this::body,
        context.request().getHeader(HttpHeaders.AUTHORIZATION),
        context.request().headers().getAll(IdempotencyKey.FIELD),
        context.get("request_id"),
        Deadline.parse(context.request().getHeader(Deadline.HEADER)),
        TraceParent.of(
            context.request().getHeader(TraceParent.FIELD),
            context.request().getHeader(TraceParent.STATE_FIELD)),
        instance());
  }

  private Optional<JsonObject> body() {
    if (context.body().length() <= 0) {
      return Optional.empty();
    }
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new ProblemException(
          ProblemType.UNSUPPORTED_MEDIA_TYPE, "The body must be of Content-Type application/json.");
    }
    Optional<JsonObject> json = StrictJson.object(context.body().buffer().getBytes());
    if (json.isEmpty()) {
      throw new ProblemException(
          ProblemType.MALFORMED_REQUEST, "The body must be " + StrictJson.RULE + ".");
    }
    return json;
  }

  /** Query parameters, each at most once. */
  private static Map<String, String> single(MultiMap given) {
    Map<String, String> query = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          if (query.putIfAbsent(name, value) != null) {
            throw ProblemException.invalid(name, "is given more than once");
          }
        });
    return query;
  }

  /** The path as the client knows it: what the gateway cut off comes beside the request. */
  private String instance() {
    String prefix = context.request().getHeader("X-Forwarded-Prefix");
    boolean sane = prefix != null && PREFIX.matcher(prefix).matches();
    return (sane ? prefix : "") + context.request().path();
  }

  /**
   * Answers what failed before or beside the dispatcher: the router and the body handler know only
   * statuses.
   */
  void fail() {
    Throwable failure = context.failure();
    if (failure instanceof IOException || failure instanceof HttpClosedException) {
      return; // the caller has gone and waits for nothing
    }
    ProblemType type = BY_STATUS.get(context.statusCode());
    if (type != null && !(failure instanceof ProblemException)) {
      failure = new ProblemException(type, type.title() + ".");
    }
    fail(failure == null ? new IllegalStateException("status " + context.statusCode()) : failure);
  }

  /** Answers with the problem that this is. */
  void fail(Throwable failure) {
    write(Answer.of(failure, instance(), context.get("request_id")));
  }

  /** Answers, unless it is answered or nobody waits any more. */
  void write(Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    answer.headers().forEach(response::putHeader);
    response.setStatusCode(answer.status());
    if (answer.body() == null) {
      response.end();
    } else {
      Buffer body = answer.body().toBuffer();
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
          .putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
          .end(body);
    }
  }
}
