package dev.stoa.service;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.HashKey;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.problem.ProblemException;
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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/** Calls over HTTP: the contract says where an operation lives, the catalog says who offers it. */
final class HttpServiceClient {
  private static final int POOL_SIZE = 64;
  private static final int MAX_WAITING = 1_000;
  private static final int MOST_ATTEMPTS = 3;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final WebClient client;
  private final Contracts contracts;
  private final InstancePools pools;

  HttpServiceClient(Vertx vertx, Contracts contracts, InstancePools pools) {
    WebClientOptions options = new WebClientOptions();
    options.setConnectTimeout(CONNECT_MILLIS).setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
    options.setFollowRedirects(false).setUserAgentEnabled(false);
    this.client =
        WebClient.create(
            vertx,
            options,
            new PoolOptions().setHttp1MaxSize(POOL_SIZE).setMaxWaitQueueSize(MAX_WAITING));
    this.contracts = contracts;
    this.pools = pools;
  }

  Future<Reply> call(ServiceRequest request, String authorization, Duration timeout) {
    String service = request.service();
    if (pools.catalog().instances(service).isEmpty()) {
      return Future.failedFuture(RemoteAnswer.unreachable(service));
    }
    return contracts
        .of(service)
        .compose(
            contract -> {
              Operation operation = contract.operation(request.operationId());
              return attempt(request, operation, authorization, timeout, Optional.empty());
            })
        .recover(failure -> Future.failedFuture(problem(service, failure)))
        .compose(
            answer -> RemoteAnswer.of(service, answer.statusCode(), headers(answer), body(answer)));
  }

  /** One instance after the other until one can be connected to. */
  private Future<HttpResponse<Buffer>> attempt(
      ServiceRequest request,
      Operation operation,
      String authorization,
      Duration timeout,
      Optional<Lease> tried) {
    String path = path(request, operation);
    Optional<Lease> picked = pools.pick(request.service(), HashKey.of(path), tried);
    if (picked.isEmpty()) {
      return Future.failedFuture(RemoteAnswer.unreachable(request.service()));
    }
    Lease lease = picked.get();
    return send(request, operation.getHttpMethod(), path, lease.instance(), authorization, timeout)
        .onSuccess(
            answer -> {
              lease.answered(answer.statusCode());
              lease.completed();
            })
        .recover(
            failure -> {
              Optional<CallFailure> kind = kind(failure);
              kind.ifPresentOrElse(lease::failed, lease::abandoned);
              return kind.equals(Optional.of(CallFailure.CONNECT))
                      && lease.attempt() < MOST_ATTEMPTS
                  ? attempt(request, operation, authorization, timeout, picked)
                  : Future.failedFuture(failure);
            });
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
      Duration timeout) {
    HttpRequest<Buffer> http =
        client
            .request(method, instance.port(), instance.host(), path)
            .ssl(instance.secure())
            .putHeader("Authorization", authorization)
            .putHeader("X-Request-Id", request.requestId())
            .timeout(timeout.toMillis());
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

  private static Throwable problem(String service, Throwable failure) {
    if (failure instanceof ProblemException) {
      return failure;
    } else if (failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof ConnectionPoolTooBusyException) {
      return RemoteAnswer.unreachable(service);
    }
    return failure instanceof TimeoutException
        ? RemoteAnswer.timedOut(service)
        : RemoteAnswer.broken(service);
  }
}
