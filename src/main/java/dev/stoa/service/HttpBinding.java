package dev.stoa.service;

import dev.stoa.edge.Admission;
import dev.stoa.edge.EdgeLimits;
import dev.stoa.edge.HardenedServer;
import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.observability.TraceParent;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Deadline;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A service over HTTP: the routes come from the contract, and bodies are strict JSON. */
final class HttpBinding {
  private static final long MAX_BODY = 1 << 20;
  private static final int IDLE_SECONDS = 75;
  private static final int DRAIN_SECONDS = 10;
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~-]{1,64}){1,8}");

  /** Callers are gateways and services, which bring many clients over few addresses. */
  private static final EdgeLimits LIMITS = EdgeLimits.DEFAULT.behindGateways();

  private static final Map<Integer, ProblemType> BY_STATUS =
      Map.of(
          400, ProblemType.MALFORMED_REQUEST,
          404, ProblemType.NOT_FOUND,
          413, ProblemType.PAYLOAD_TOO_LARGE,
          414, ProblemType.URI_TOO_LONG,
          415, ProblemType.UNSUPPORTED_MEDIA_TYPE,
          431, ProblemType.HEADERS_TOO_LARGE);

  private final Uuid7 ids = new Uuid7(Clock.systemUTC());
  private final Dispatcher dispatcher;
  private HttpServer server;

  private HttpBinding(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  static Future<HttpBinding> open(
      Vertx vertx,
      ServiceConfig config,
      Dispatcher dispatcher,
      HealthRoutes health,
      ReadingRoutes reading) {
    HttpBinding binding = new HttpBinding(dispatcher);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(config.host())
            .setPort(config.port())
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false);
    binding.server =
        HardenedServer.create(vertx, options, () -> LIMITS, new Admission())
            .requestHandler(binding.router(vertx, health, reading))
            .invalidRequestHandler(binding::refuseUnreadable);
    return binding.server.listen().map(binding);
  }

  int port() {
    return server.actualPort();
  }

  /** Lets running exchanges end, for ten seconds at most. */
  Future<Void> close() {
    return server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
  }

  private Router router(Vertx vertx, HealthRoutes health, ReadingRoutes reading) {
    Router router = Router.router(vertx);
    router.route().handler(this::identify);
    health.mount(router);
    reading.mount(router);
    BodyHandler bodies = BodyHandler.create(false).setBodyLimit(MAX_BODY);
    Map<String, List<OperationSpec>> byPath =
        dispatcher.specs().stream()
            .collect(Collectors.groupingBy(OperationSpec::path, TreeMap::new, Collectors.toList()));
    List<String> literalFirst =
        byPath.keySet().stream()
            .sorted((a, b) -> Boolean.compare(a.contains("{"), b.contains("{")))
            .toList();
    for (String path : literalFirst) {
      String pattern = path.replaceAll("\\{(\\w+)}", ":$1");
      for (OperationSpec spec : byPath.get(path)) {
        answering(router.route(pattern), spec.method())
            .handler(bodies)
            .handler(context -> serve(context, spec.operationId()));
      }
      router.route(pattern).handler(context -> refuseMethod(context, byPath.get(path)));
    }
    router.route().handler(context -> fail(context, notFound()));
    router.route().failureHandler(HttpBinding::fail);
    return router;
  }

  /** HEAD is answered wherever GET is (RFC 9110, section 9.1). */
  private static Route answering(Route route, HttpMethod method) {
    return method.equals(HttpMethod.GET)
        ? route.method(method).method(HttpMethod.HEAD)
        : route.method(method);
  }

  private void serve(RoutingContext context, String operationId) {
    Incoming incoming =
        new Incoming(
            operationId,
            context.pathParams(),
            single(context.queryParams()),
            () -> body(context),
            context.request().getHeader(HttpHeaders.AUTHORIZATION),
            context.request().headers().getAll(IdempotencyKey.FIELD),
            context.get("request_id"),
            Deadline.parse(context.request().getHeader(Deadline.HEADER)),
            TraceParent.of(
                context.request().getHeader(TraceParent.FIELD),
                context.request().getHeader(TraceParent.STATE_FIELD)),
            instance(context));
    dispatcher.dispatch(incoming).onSuccess(answer -> write(context, answer));
  }

  private static Optional<JsonObject> body(RoutingContext context) {
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
  private static String instance(RoutingContext context) {
    String prefix = context.request().getHeader("X-Forwarded-Prefix");
    boolean sane = prefix != null && PREFIX.matcher(prefix).matches();
    return (sane ? prefix : "") + context.request().path();
  }

  private void identify(RoutingContext context) {
    String given = context.request().getHeader("X-Request-Id");
    String id = given != null && REQUEST_ID.matcher(given).matches() ? given : ids.next();
    context.put("request_id", id);
    context.response().putHeader("X-Request-Id", id);
    context.next();
  }

  /** What was no HTTP, or did not come in time. */
  private void refuseUnreadable(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    ProblemException problem =
        cause instanceof ProblemException refusal
            ? refusal
            : new ProblemException(
                ProblemType.MALFORMED_REQUEST, ProblemType.MALFORMED_REQUEST.title() + ".");
    String id = ids.next();
    Answer answer = Answer.of(problem, request.path(), id);
    request
        .response()
        .putHeader("X-Request-Id", id)
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .putHeader(HttpHeaders.CONTENT_TYPE, answer.contentType())
        .setStatusCode(answer.status())
        .end(answer.body().toBuffer());
    request.connection().close();
  }

  private static void refuseMethod(RoutingContext context, List<OperationSpec> specs) {
    String allowed =
        specs.stream()
            .map(OperationSpec::method)
            .flatMap(m -> Stream.of(m, m.equals(HttpMethod.GET) ? HttpMethod.HEAD : m))
            .map(HttpMethod::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    fail(
        context,
        new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This path knows " + allowed + ".")
            .withHeader("Allow", allowed));
  }

  private static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND, "There is nothing at this path.");
  }

  /**
   * What failed before or beside the dispatcher: the router and the body handler know only
   * statuses.
   */
  private static void fail(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure instanceof IOException || failure instanceof HttpClosedException) {
      return; // the caller has gone and waits for nothing
    }
    ProblemType type = BY_STATUS.get(context.statusCode());
    if (type != null && !(failure instanceof ProblemException)) {
      failure = new ProblemException(type, type.title() + ".");
    }
    fail(
        context,
        failure == null ? new IllegalStateException("status " + context.statusCode()) : failure);
  }

  private static void fail(RoutingContext context, Throwable failure) {
    write(context, Answer.of(failure, instance(context), context.get("request_id")));
  }

  private static void write(RoutingContext context, Answer answer) {
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
