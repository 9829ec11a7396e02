package dev.stoa.service;

import dev.stoa.edge.Admission;
import dev.stoa.edge.EdgeLimits;
import dev.stoa.edge.HardenedServer;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A service over HTTP: the routes come from the contract, and bodies are strict JSON. */
final class HttpBinding {
  private static final long MAX_BODY = 1 << 20;
  private static final int IDLE_SECONDS = 75;
  private static final int DRAIN_SECONDS = 10;

  /** Callers are gateways and services, which bring many clients over few addresses. */
  private static final EdgeLimits LIMITS = EdgeLimits.DEFAULT.behindGateways();

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
    router.route().handler(context -> new HttpExchange(context).identify(ids));
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
            .handler(context -> serve(new HttpExchange(context), spec.operationId()));
      }
      router
          .route(pattern)
          .handler(context -> new HttpExchange(context).fail(methodNotAllowed(byPath.get(path))));
    }
    router.route().handler(context -> new HttpExchange(context).fail(notFound()));
    router.route().failureHandler(context -> new HttpExchange(context).fail());
    return router;
  }

  /** HEAD is answered wherever GET is (RFC 9110, section 9.1). */
  private static Route answering(Route route, HttpMethod method) {
    return method.equals(HttpMethod.GET)
        ? route.method(method).method(HttpMethod.HEAD)
        : route.method(method);
  }

  private void serve(HttpExchange exchange, String operationId) {
    dispatcher.dispatch(exchange.incoming(operationId)).onSuccess(exchange::write);
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

  private static ProblemException methodNotAllowed(List<OperationSpec> specs) {
    String allowed =
        specs.stream()
            .map(OperationSpec::method)
            .flatMap(m -> Stream.of(m, m.equals(HttpMethod.GET) ? HttpMethod.HEAD : m))
            .map(HttpMethod::name)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    return new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This path knows " + allowed + ".")
        .withHeader("Allow", allowed);
  }

  private static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND, "There is nothing at this path.");
  }
}
