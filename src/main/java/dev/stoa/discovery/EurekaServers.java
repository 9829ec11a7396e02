package dev.stoa.discovery;

import dev.stoa.discovery.RegistryHttp.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several Eureka servers that know the same: whichever answers is asked, beginning with the one
 * that did last. For one context.
 */
final class EurekaServers {
  private static final Logger LOG = LoggerFactory.getLogger(EurekaServers.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 16;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int SERVER_ERROR = 500;

  private final List<URI> servers;
  private final RegistryHttp http;
  private int current;

  EurekaServers(Vertx vertx, List<URI> servers) {
    this.servers = servers;
    this.http = new RegistryHttp(vertx, new HttpClientOptions(), CONNECTIONS);
  }

  /**
   * Sends to the first server that answers other than with a failure of its own or a refusal to let
   * us in.
   *
   * @param path below the server's base
   * @param body none where it is null
   */
  Future<Answer> send(HttpMethod method, String path, JsonObject body) {
    return send(method, path, body, 0);
  }

  private Future<Answer> send(HttpMethod method, String path, JsonObject body, int failed) {
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

  private Future<Answer> attempt(URI server, HttpMethod method, String path, JsonObject body) {
    boolean tls = server.getScheme().equals("https");
    int port = server.getPort() < 0 ? (tls ? 443 : 80) : server.getPort();
    RequestOptions request =
        new RequestOptions()
            .setMethod(method)
            .setHost(server.getHost())
            .setPort(port)
            .setSsl(tls)
            .setURI(server.getRawPath() + path)
            .putHeader("Accept", "application/json"); // XML else
    if (server.getUserInfo() != null) {
      request.putHeader("Authorization", basic(server.getUserInfo()));
    }
    if (body != null) {
      request.putHeader("Content-Type", "application/json");
    }
    Buffer bytes = body == null ? Buffer.buffer() : body.toBuffer();
    return http.ask(request, bytes, TIMEOUT).compose(EurekaServers::unlessRefused);
  }

  private static String basic(String user) {
    String pair = user.contains(":") ? user : user + ":";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  /** Another server may be well, or let us in. */
  private static Future<Answer> unlessRefused(Answer answer) {
    int status = answer.status();
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      return Future.failedFuture("status " + status + ", another user or password is wanted");
    }
    return status < SERVER_ERROR
        ? Future.succeededFuture(answer)
        : Future.failedFuture("status " + status);
  }

  void close() {
    http.close().onFailure(failure -> LOG.debug("a client of eureka did not close", failure));
  }
}
