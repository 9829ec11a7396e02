package dev.stoa.service;

import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.observability.OperationMeter;
import dev.stoa.observability.RequestScope;
import dev.stoa.observability.Span;
import dev.stoa.observability.Tracing;
import dev.stoa.persistence.WorkDeadline;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.resilience.Deadline;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The way of every call through a service, whatever brought it: deadline, authentication, roles,
 * input, idempotency, handler; and the one place where what failed becomes a problem.
 */
final class Dispatcher {
  private record Bound(
      OperationSpec spec, InputCheck input, OperationHandler handler, OperationMeter.Timer timer) {}

  private final TokenVerifier tokens;
  private final Idempotency idempotency;
  private final Reports reports;
  private final OperationMeter.Timer unknown;
  private final Map<String, Bound> operations = new TreeMap<>();

  /** Who is told of the calls of one service. */
  record Reports(String service, OperationMeter meter, Tracing tracing) {
    private static final int SERVER_ERROR = 500;

    OperationMeter.Timer timer(String operation) {
      return meter.of(service, operation);
    }

    private Span span(Incoming incoming) {
      if (!tracing.on()) {
        return Span.NONE;
      }
      Span span = tracing.service(service, incoming.operationId(), incoming.trace());
      span.tag("stoa.request_id", incoming.requestId());
      return span;
    }

    private static void end(Span span, int status) {
      span.tag("http.response.status_code", status);
      if (status >= SERVER_ERROR) {
        span.fail(Integer.toString(status));
      }
      span.end();
    }
  }

  /**
   * Joins contract and handlers; throws where they do not name the same operations.
   *
   * @param reports who is told of each call
   */
  Dispatcher(
      OpenAPIContract contract,
      Operations operations,
      TokenVerifier tokens,
      Idempotency idempotency,
      Reports reports) {
    this.reports = reports;
    this.unknown = reports.timer(OperationMeter.NONE);
    this.tokens = tokens;
    this.idempotency = idempotency;
    Map<String, OperationHandler> handlers = new TreeMap<>(operations.handlers());
    for (Operation operation : contract.operations()) {
      OperationHandler handler = handlers.remove(operation.getOperationId());
      if (handler == null) {
        throw new IllegalStateException(
            "operation " + operation.getOperationId() + " has no handler");
      }
      OperationSpec spec = OperationSpec.of(contract, operation);
      this.operations.put(
          spec.operationId(),
          new Bound(
              spec,
              new InputCheck(contract, operation),
              handler,
              reports.timer(spec.operationId())));
    }
    if (!handlers.isEmpty()) {
      throw new IllegalStateException("the contract has no operations " + handlers.keySet());
    }
  }

  List<OperationSpec> specs() {
    return operations.values().stream().map(Bound::spec).toList();
  }

  /** Always succeeds: a failure is an answer too. */
  Future<Answer> dispatch(Incoming incoming) {
    long began = System.nanoTime();
    Span span = reports.span(incoming);
    RequestScope.enter(new RequestScope.Of(incoming.requestId(), span));
    Bound bound = operations.get(incoming.operationId());
    Future<Reply> reply;
    try {
      reply = call(incoming, bound);
    } catch (RuntimeException e) {
      reply = Future.failedFuture(e);
    }
    return reply
        .map(Answer::of)
        .otherwise(failure -> Answer.of(failure, incoming.instance(), incoming.requestId()))
        .onSuccess(
            answer -> {
              OperationMeter.Timer timer = bound == null ? unknown : bound.timer();
              timer.record(answer.status(), System.nanoTime() - began);
              Reports.end(span, answer.status());
            });
  }

  private Future<Reply> call(Incoming incoming, Bound bound) {
    incoming.deadline().ifPresent(Dispatcher::begin);
    if (bound == null) {
      throw new ProblemException(ProblemType.NOT_FOUND, "There is no such operation.");
    }
    Optional<Identity> caller = authenticate(bound.spec(), incoming.authorization());
    Optional<JsonObject> body =
        bound.input().takesBody() ? incoming.body().get() : Optional.empty();
    bound.input().check(incoming.path(), incoming.query(), body);
    Function<Work, Call> call =
        work ->
            new Call(
                incoming.operationId(),
                incoming.path(),
                incoming.query(),
                body.orElseGet(JsonObject::new),
                caller,
                incoming.requestId(),
                work);
    Optional<IdempotencyKey> key =
        bound.spec().keyed() ? IdempotencyKey.of(incoming.keys()) : Optional.empty();
    if (key.isEmpty()) {
      return bound.handler().handle(call.apply(idempotency.unkeyed()));
    }
    return idempotency.once(
        scope(caller),
        key.get(),
        fingerprint(incoming, body),
        work -> bound.handler().handle(call.apply(work)));
  }

  /** A caller may shorten its own time; nobody else's. */
  private static void begin(Deadline deadline) {
    if (deadline.passed()) {
      throw new ProblemException(
          ProblemType.DEADLINE_EXCEEDED, "The time for this request is over; nothing was done.");
    }
    WorkDeadline.begin(deadline.atNanos());
  }

  // No user's id begins like a service's. Who has no identity shares keys with all such callers,
  // and
  // can read only what was answered to the very same request.
  private static String scope(Optional<Identity> caller) {
    return caller
        .map(identity -> (identity.isService() ? "service:" : "user:") + identity.userId())
        .orElse("anyone");
  }

  // The operation stands for method and path.
  private static String fingerprint(Incoming incoming, Optional<JsonObject> body) {
    return CanonicalJson.of(
        new JsonObject()
            .put("operation", incoming.operationId())
            .put("path", new JsonObject(new TreeMap<>(incoming.path())))
            .put("query", new JsonObject(new TreeMap<>(incoming.query())))
            .put("body", body.orElse(null)));
  }

  private Optional<Identity> authenticate(OperationSpec spec, String authorization) {
    if (spec.open()) {
      return Optional.empty();
    }
    Identity identity = tokens.verify(authorization);
    if (!spec.roles().isEmpty() && spec.roles().stream().noneMatch(identity::has)) {
      throw new ProblemException(
          ProblemType.FORBIDDEN, "This needs the role " + String.join(" or ", spec.roles()) + ".");
    }
    return Optional.of(identity);
  }
}
