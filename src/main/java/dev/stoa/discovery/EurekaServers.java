package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Several Eureka servers that know the same: whichever answers is asked, beginning with the one
 * that did last. For one context.
 */
final class EurekaServers {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECT_MILLIS = 2_000;

  private final List<URI> servers;
  private final WebClient client;
  private int current;

  EurekaServers(Vertx vertx, List<URI> servers) {
    this.servers = servers;
    this.client =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setFollowRedirects(false)
                .setUserAgentEnabled(false));
  }

  /**
   * Sends to the first server that answers other than with a failure of its own.
   *
   * @param path below the server's base
   * @param body none where it is null
   */
  Future<HttpResponse<Buffer>> send(HttpMethod method, String path, JsonObject body) {
    return send(method, path, body, 0);
  }

  private Future<HttpResponse<Buffer>> send(
      HttpMethod method, String path, JsonObject body, int failed) {
    int server = current;
    return attempt(servers.get(server), method, path, body)
        .recover(
            failure -> {
              if (current == server) {
                current = (server + 1) % servers.size();
              }
              return failed + 1 < servers.size()
                  ? send(method, path, body, failed + 1)
                  : Future.failedFuture(failure);
            });
  }

  private Future<HttpResponse<Buffer>> attempt(
      URI server, HttpMethod method, String path, JsonObject body) {
    boolean tls = server.getScheme().equals("https");
    int port = server.getPort() < 0 ? (tls ? 443 : 80) : server.getPort();
    HttpRequest<Buffer> request =
        client
            .request(method, port, server.getHost(), server.getRawPath() + path)
            .ssl(tls)
            .putHeader("Accept", "application/json") // XML else
            .timeout(TIMEOUT.toMillis());
    String[] user = server.getUserInfo() == null ? null : server.getUserInfo().split(":", 2);
    if (user != null) {
      request.basicAuthentication(user[0], user.length > 1 ? user[1] : "");
    }
    Future<HttpResponse<Buffer>> answer =
        body == null ? request.send() : request.sendJsonObject(body);
    return answer.compose(
        response ->
            response.statusCode() < 500
                ? Future.succeededFuture(response)
                : Future.failedFuture("status " + response.statusCode()));
  }

  void close() {
    client.close();
  }
}
