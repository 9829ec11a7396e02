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
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

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
   * Sends to the first server that answers other than with a failure of its own or a refusal to let
   * us in.
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
    return answer.compose(EurekaServers::unlessRefused);
  }

  /** Another server may be well, or let us in. */
  private static Future<HttpResponse<Buffer>> unlessRefused(HttpResponse<Buffer> answer) {
    int status = answer.statusCode();
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return Future.failedFuture("status " + status + ", another user or password is wanted");
    }
    return status < SERVER_ERROR
        ? Future.succeededFuture(answer)
        : Future.failedFuture("status " + status);
  }

  void close() {
    client.close();
  }
}
