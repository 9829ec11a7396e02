package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.WebClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one instance of this process registered with Eureka: says again and again that it is alive,
 * tells when its health changes, and registers anew where Eureka does not know it. For one context.
 */
final class EurekaLease {
  private static final Logger LOG = LoggerFactory.getLogger(EurekaLease.class);
  private static final long HEALTH_TIMEOUT_MILLIS = 2_000;
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_FOUND = 404;

  private final Vertx vertx;
  private final ServiceInstance instance;
  private final EurekaConfig config;
  private final EurekaServers servers;
  private final WebClient health;
  private final Runnable forgotten;
  private final Clock clock = Clock.systemUTC();
  private final Backoff backoff;
  private final String path;
  private String registered = "";
  private Future<Void> running = Future.succeededFuture();
  private long timer = -1;
  private boolean ended;

  /**
   * A lease that is not taken yet.
   *
   * @param health asks the instance itself how it is
   * @param forgotten told when Eureka does not know an instance that it knew
   */
  EurekaLease(
      Vertx vertx,
      ServiceInstance instance,
      EurekaConfig config,
      EurekaServers servers,
      WebClient health,
      Runnable forgotten) {
    this.vertx = vertx;
    this.instance = instance;
    this.config = config;
    this.servers = servers;
    this.health = health;
    this.forgotten = forgotten;
    this.backoff = new Backoff(min(config.renewal(), Duration.ofSeconds(10)));
    String id = URLEncoder.encode(instance.id(), StandardCharsets.UTF_8).replace("+", "%20");
    this.path = "/apps/" + EurekaFormat.app(instance) + "/" + id;
  }

  /** Registers it as up: who registers is ready. Completes after the first try. */
  Future<Void> begin() {
    return go(register(EurekaFormat.UP));
  }

  /** Deregisters it. Completes, never fails, after one try. */
  Future<Void> end() {
    stop();
    // After what may just be registering it.
    return running
        .eventually(() -> servers.send(HttpMethod.DELETE, path, null))
        .onFailure(
            failure ->
                LOG.warn(
                    "{} could not be deregistered from eureka: {}",
                    instance.id(),
                    Failures.reason(failure)))
        .otherwiseEmpty();
  }

  /** Says nothing more. */
  Future<Void> stop() {
    ended = true;
    vertx.cancelTimer(timer);
    return running;
  }

  private Future<Void> go(Future<Void> step) {
    running =
        step.onSuccess(
                done -> {
                  backoff.reset();
                  again(config.renewal().toMillis());
                })
            .otherwise(
                failure -> {
                  LOG.debug("eureka could not be told of {}", instance.id(), failure);
                  again(backoff.pauseMillis());
                  return null;
                });
    return running;
  }

  private void again(long millis) {
    if (!ended) {
      timer = vertx.setTimer(millis, id -> go(renew()));
    }
  }

  private Future<Void> renew() {
    return status()
        .compose(
            status -> {
              if (!status.equals(registered)) {
                return register(status);
              }
              return servers.send(HttpMethod.PUT, path, null).compose(this::renewed);
            });
  }

  private Future<Void> renewed(RegistryHttp.Answer answer) {
    if (answer.status() == NOT_FOUND) {
      LOG.warn("eureka has forgotten {}; registering again", instance.id());
      forgotten.run();
      return register(registered);
    }
    return answer.status() == OK
        ? Future.succeededFuture()
        : Future.failedFuture("status " + answer.status());
  }

  private Future<String> status() {
    return health
        .getAbs(EurekaFormat.url(instance) + "/health")
        .timeout(HEALTH_TIMEOUT_MILLIS)
        .send()
        .map(answer -> answer.statusCode() == OK ? EurekaFormat.UP : EurekaFormat.DOWN)
        .otherwise(EurekaFormat.DOWN);
  }

  private Future<Void> register(String status) {
    if (ended) {
      return Future.succeededFuture();
    }
    return servers
        .send(
            HttpMethod.POST,
            "/apps/" + EurekaFormat.app(instance),
            EurekaFormat.write(instance, status, config, clock))
        .compose(
            answer -> {
              if (answer.status() != NO_CONTENT && answer.status() != OK) {
                return Future.failedFuture("status " + answer.status());
              }
              LOG.info("{} is registered with eureka as {}", instance.id(), status);
              registered = status;
              return Future.succeededFuture();
            });
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
