package dev.stoa.service;

import dev.stoa.discovery.Balancer;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;

/** Calls over HTTP: the contract says where an operation lives, the catalog says who offers it. */
final class HttpServiceClient {
  private static final int POOL_SIZE = 64;
  private static final int MAX_WAITING = 1_000;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int KEEP_ALIVE_SECONDS = 30;

  private final WebClient client;
  private final Contracts contracts;
  private final ServiceRegistry registry;
  private final Map<String, Balancer> balancers = new ConcurrentHashMap<>();

  HttpServiceClient(Vertx vertx, Contracts contracts, ServiceRegistry registry) {
    WebClientOptions options = new WebClientOptions();
    options.setConnectTimeout(CONNECT_MILLIS).setKeepAliveTimeout(KEEP_ALIVE_SECONDS);
    options.setFollowRedirects(false).setUserAgentEnabled(false);
    this.client =
        WebClient.create(
            vertx,
            options,
            new PoolOptions().setHttp1MaxSize(POOL_SIZE).setMaxWaitQueueSize(MAX_WAITING));
    this.contracts = contracts;
    this.registry = registry;
  }

  Future<Reply> call(ServiceRequest request, String authorization, Duration timeout) {
    String service = request.service();
    Optional<ServiceInstance> instance =
        balancers
            .computeIfAbsent(service, name -> Balancer.roundRobin())
            .pick(registry.catalog().instances(service));
    if (instance.isEmpty()) {
      return Future.failedFuture(RemoteAnswer.unreachable(service));
    }
    return contracts
        .of(service)
        .compose(
            contract ->
                send(
                    request,
                    contract.operation(request.operationId()),
                    instance.get(),
                    authorization,
                    timeout))
        .recover(failure -> Future.failedFuture(problem(service, failure)))
        .compose(
            answer -> RemoteAnswer.of(service, answer.statusCode(), headers(answer), body(answer)));
  }

  Future<Void> close() {
    client.close();
    return Future.succeededFuture();
  }

  private Future<HttpResponse<Buffer>> send(
      ServiceRequest request,
      Operation operation,
      ServiceInstance instance,
      String authorization,
      Duration timeout) {
    HttpRequest<Buffer> http =
        client
            .request(
                operation.getHttpMethod(),
                instance.port(),
                instance.host(),
                path(request, operation))
            .putHeader("Authorization", authorization)
            .putHeader("X-Request-Id", request.requestId())
            .timeout(timeout.toMillis());
    request.query().forEach(http::addQueryParam);
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

  private static Throwable problem(String service, Throwable failure) {
    if (failure instanceof ConnectException
        || failure instanceof UnknownHostException
        || failure instanceof ConnectionPoolTooBusyException) {
      return RemoteAnswer.unreachable(service);
    }
    return failure instanceof TimeoutException
        ? RemoteAnswer.timedOut(service)
        : RemoteAnswer.broken(service);
  }
}
