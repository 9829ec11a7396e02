package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.observability.AttemptMeter;
import dev.stoa.observability.Telemetry;
import dev.stoa.persistence.WorkDeadline;
import dev.stoa.resilience.Deadline;
import dev.stoa.resilience.Guard;
import dev.stoa.resilience.Resilience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.openapi.contract.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Calls services over the transport that is configured for each, looked up at each call. One per
 * process; the holder keeps it and closes it.
 */
public final class ServiceClients implements ServiceClient {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  /** Calls are guarded apart from what the gateway sends to the same service. */
  private static final String GUARDS = "calls of ";

  private static final Set<HttpMethod> IDEMPOTENT =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

  private final Vertx vertx;
  private final Contracts contracts;
  private final InstancePools pools;
  private final Live<Map<String, ServiceConfig>> services;
  private final Tokens tokens;
  private final Resilience resilience;
  private final AttemptMeter attempts;
  private final HttpServiceClient http;
  private final BusServiceClient bus;

  public ServiceClients(
      Vertx vertx,
      Contracts contracts,
      InstancePools pools,
      Tokens tokens,
      Resilience resilience,
      Live<Map<String, ServiceConfig>> services,
      Telemetry telemetry) {
    this.vertx = vertx;
    this.contracts = contracts;
    this.pools = pools;
    this.services = services;
    this.tokens = tokens;
    this.resilience = resilience;
    this.attempts = telemetry.metrics().serviceAttempts();
    this.http = new HttpServiceClient(vertx, pools);
    this.bus = new BusServiceClient(vertx);
  }

  /** Watched by nobody. */
  public ServiceClients(
      Vertx vertx,
      Contracts contracts,
      InstancePools pools,
      Tokens tokens,
      Resilience resilience,
      Live<Map<String, ServiceConfig>> services) {
    this(vertx, contracts, pools, tokens, resilience, services, Telemetry.unwatched());
  }

  /** The same with guards of its own. */
  public ServiceClients(
      Vertx vertx,
      Contracts contracts,
      InstancePools pools,
      Tokens tokens,
      Live<Map<String, ServiceConfig>> services) {
    this(vertx, contracts, pools, tokens, new Resilience(vertx, "this process"), services);
  }

  @Override
  public Future<Reply> call(ServiceRequest request) {
    String service = request.service();
    ServiceConfig config = services.get().get(service);
    ServiceConfig rules = config == null ? unknown(service) : config;
    Deadline deadline = deadline(rules.timeout());
    boolean overBus = rules.transport() == Transport.EVENT_BUS;
    if (!overBus && pools.catalog().instances(service).isEmpty()) {
      return Future.failedFuture(RemoteAnswer.unreachable(service));
    }
    Guard guard = resilience.guard(GUARDS + service, Set.of(service), rules.guard());
    guard.configure(rules.guard());
    String authorization = tokens.serviceAuthorization();
    CallReports reports = new CallReports(attempts, request);
    return contracts
        .of(service)
        .map(contract -> contract.operation(request.operationId()))
        .compose(
            operation ->
                new GuardedCall(
                        vertx,
                        service,
                        guard,
                        rules.retry(),
                        deadline,
                        repeatable(request, operation),
                        overBus
                            ? (until, span) -> bus.attempt(request, authorization, until, span)
                            : http.attempts(request, operation, authorization),
                        reports)
                    .run());
  }

  /** Whether the guard of this name is one of calls. */
  public static boolean guards(String name) {
    return name.startsWith(GUARDS);
  }

  /** The service that the guard of this name stands before, where it is one of calls. */
  public static Optional<String> guarded(String name) {
    return guards(name) ? Optional.of(name.substring(GUARDS.length())) : Optional.empty();
  }

  private static ServiceConfig unknown(String service) {
    return new ServiceConfig(service, "127.0.0.1", 0, Transport.HTTP, DEFAULT_TIMEOUT);
  }

  /** The caller's time-out, or what is left for the request on whose behalf it calls. */
  private static Deadline deadline(Duration timeout) {
    Deadline own = Deadline.after(timeout);
    OptionalLong request = WorkDeadline.current();
    return request.isPresent() ? own.earlier(new Deadline(request.getAsLong())) : own;
  }

  private static boolean repeatable(ServiceRequest request, Operation operation) {
    return request.idempotencyKey() != null
        || request.body() == null && IDEMPOTENT.contains(operation.getHttpMethod());
  }

  public Future<Void> close() {
    return http.close();
  }
}
