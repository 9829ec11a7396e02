package dev.stoa.service;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.HashKey;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.observability.Span;
import dev.stoa.resilience.Deadline;
import dev.stoa.resilience.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.openapi.contract.Operation;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** Calls over HTTP: the contract says where an operation lives, the catalog says who offers it. */
final class HttpServiceClient {
  private static final int POOL_SIZE = 64;
  private static final int MAX_WAITING = 1_000;
  private static final int MOST_INSTANCES = 3;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final WebClient client;
  private final InstancePools pools;

  HttpServiceClient(Vertx vertx, InstancePools pools) {
    WebClientOptions options = new WebClientOptions();
    options.setConnectTimeout(CONNECT_MILLIS).setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
    options.setFollowRedirects(false).setUserAgentEnabled(false);
    this.client =
        WebClient.create(
            vertx,
            options,
            new PoolOptions().setHttp1MaxSize(POOL_SIZE).setMaxWaitQueueSize(MAX_WAITING));
    this.pools = pools;
  }

  /** The attempts at one call; each at an instance that was not tried yet, if there is one. */
  CallAttempts attempts(ServiceRequest request, Operation operation, String authorization) {
    return new HttpAttempts(request, operation, authorization);
  }

  private final class HttpAttempts implements CallAttempts {
    private final ServiceRequest request;
    private final HttpMethod method;
    private final String path;
    private final String authorization;
    private Optional<Lease> tried = Optional.empty();

    HttpAttempts(ServiceRequest request, Operation operation, String authorization) {
      this.request = request;
      this.method = operation.getHttpMethod();
      this.path = path(request, operation);
      this.authorization = authorization;
    }

    @Override
    public Future<Arrived> attempt(Deadline deadline, Span span) {
      return attempt(deadline, span, 1);
    }

    @Override
    public String instance() {
      return tried.map(lease -> lease.instance().id()).orElse("");
    }

    @Override
    public boolean others() {
      return pools.of(request.service()).hasFresh(tried);
    }

    /** One instance after the other until one can be connected to. */
    private Future<Arrived> attempt(Deadline deadline, Span span, int instances) {
      String service = request.service();
      tried = pools.pick(service, HashKey.of(path), tried);
      if (tried.isEmpty()) {
        return Future.failedFuture(new CallFailed(null, RemoteAnswer.unreachable(service)));
      }
      Lease lease = tried.get();
      return send(request, method, path, lease.instance(), authorization, deadline, span)
          .onSuccess(
              answer -> {
                lease.answered(answer.statusCode());
                lease.completed();
              })
          .map(answer -> new Arrived(answer.statusCode(), headers(answer), body(answer)))
          .recover(
              failure -> {
                Optional<CallFailure> kind = kind(failure);
                kind.ifPresentOrElse(lease::failed, lease::abandoned);
                return kind.equals(Optional.of(CallFailure.CONNECT))
                        && instances < MOST_INSTANCES
                        && pools.of(service).hasFresh(tried)
                    ? attempt(deadline, span, instances + 1)
                    : Future.failedFuture(failed(service, kind));
              });
    }
  }

  Future<Void> close() {
    client.close();
    return Future.succeededFuture();
  }

  private Future<HttpResponse<Buffer>> send(
      ServiceRequest request,
      HttpMethod method,
      String path,
      ServiceInstance instance,
      String authorization,
      Deadline deadline,
      Span span) {
    HttpRequest<Buffer> http =
        client
            .request(method, instance.port(), instance.host(), path)
            .ssl(instance.secure())
            .putHeader("Authorization", authorization)
            .putHeader("X-Request-Id", request.requestId())
            .putHeader(Deadline.HEADER, Long.toString(deadline.remainingMillis()))
            .timeout(Math.max(1, deadline.remainingMillis()));
    span.inject(http::putHeader);
    request.query().forEach(http::addQueryParam);
    if (request.idempotencyKey() != null) {
      http.putHeader(IdempotencyKey.FIELD, request.idempotencyKey());
    }
    return request.body() == null ? http.send() : http.sendJsonObject(request.body());
  }

  private static String path(ServiceRequest request, Operation operation) {
    String path = operation.getOpenAPIPath();
    for (Map.Entry<String, String> parameter : request.path().entrySet()) {
      String encoded =
          URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8).replace("+", "%20");
      path = path.replace("{" + parameter.getKey() + "}", encoded);
    }
    return path;
  }

  private static JsonObject body(HttpResponse<Buffer> answer) {
    Buffer body = answer.body();
    return body == null ? null : StrictJson.object(body.getBytes()).orElse(null);
  }

  private static Map<String, String> headers(HttpResponse<Buffer> answer) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    answer.headers().forEach(headers::putIfAbsent);
    return headers;
  }

  /** What a failure says about the instance; empty where it says nothing. */
  private static Optional<CallFailure> kind(Throwable failure) {
    if (failure instanceof ConnectionPoolTooBusyException) {
      return Optional.empty();
    }
    if (failure instanceof ConnectException || failure instanceof UnknownHostException) {
      return Optional.of(CallFailure.CONNECT);
    }
    return Optional.of(
        failure instanceof TimeoutException ? CallFailure.TIMEOUT : CallFailure.RESET);
  }

  private static CallFailed failed(String service, Optional<CallFailure> kind) {
    if (kind.isEmpty()) {
      return new CallFailed(null, RemoteAnswer.unreachable(service));
    }
    return switch (kind.get()) {
      case CONNECT -> new CallFailed(Failure.CONNECT, RemoteAnswer.unreachable(service));
      case TIMEOUT -> new CallFailed(Failure.TIMEOUT, RemoteAnswer.timedOut(service));
      default -> new CallFailed(Failure.BROKEN, RemoteAnswer.broken(service));
    };
  }
}
