package dev.stoa.discovery;

import dev.stoa.discovery.HealthChecks.Checked;
import dev.stoa.discovery.InstanceStatus.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checks of one instance, one after the other. For the context of {@link HealthChecks}. */
final class Probe {
  private static final Logger LOG = LoggerFactory.getLogger(Probe.class);
  private static final double JITTER = 0.1;
  private static final long MAX_FIRST_WAIT = TimeUnit.SECONDS.toNanos(1);

  private final Vertx vertx;
  private Checked checked;
  private Member member;
  private long dueAt;
  private boolean running;
  private boolean forgotten;
  private int successes;
  private int failures;

  Probe(Vertx vertx, long now) {
    this.vertx = vertx;
    this.dueAt = now;
  }

  /** What it checks now; the instance may have got another weight, the check other settings. */
  void of(Checked what, Member whom) {
    if (checked == null) { // all at once would be a burst
      long interval = what.check().interval().toNanos();
      dueAt += ThreadLocalRandom.current().nextLong(Math.min(interval, MAX_FIRST_WAIT));
    }
    checked = what;
    member = whom;
  }

  boolean running() {
    return running;
  }

  boolean isDue(long now) {
    return !running && now - dueAt >= 0;
  }

  long dueAt() {
    return dueAt;
  }

  /** Nobody wants to know any more: it counts as it did before the first check. */
  void forget() {
    forgotten = true;
    become(Health.UNKNOWN);
  }

  void run(HttpClient client) {
    running = true;
    long began = System.nanoTime();
    ask(client)
        .onComplete(
            answer -> {
              running = false;
              long interval = checked.check().interval().toNanos();
              double vary = 1 - JITTER + 2 * JITTER * ThreadLocalRandom.current().nextDouble();
              dueAt = began + (long) (interval * vary);
              if (!forgotten) {
                count(answer.succeeded() && answer.result() / 100 == 2);
              }
            });
  }

  /** The status of the answer, in time. */
  private Future<Integer> ask(HttpClient client) {
    ServiceInstance instance = member.instance();
    long millis = checked.check().timeout().toMillis();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(instance.host())
            .setPort(instance.port())
            .setSsl(instance.secure())
            .setURI(checked.check().path())
            .putHeader("User-Agent", "stoa-health-check")
            .setConnectTimeout(millis);
    return client.request(options).compose(request -> status(request, millis));
  }

  private Future<Integer> status(HttpClientRequest request, long millis) {
    long timer = vertx.setTimer(millis, id -> request.connection().close());
    return request
        .send()
        .map(HttpClientResponse::statusCode)
        .onComplete(
            answer -> {
              vertx.cancelTimer(timer);
              request.connection().close(); // the body is nobody's concern
            });
  }

  private void count(boolean healthy) {
    successes = healthy ? successes + 1 : 0;
    failures = healthy ? 0 : failures + 1;
    Health known = member.state().health();
    HealthCheck settings = checked.check();
    if (known == Health.UNKNOWN && healthy) {
      become(Health.HEALTHY);
    } else if (known == Health.UNHEALTHY && successes >= settings.healthyAfter()) {
      LOG.info("Instance {} of {} is healthy again", id(), checked.pool().name());
      become(Health.HEALTHY);
    } else if (known != Health.UNHEALTHY && failures >= settings.unhealthyAfter()) {
      LOG.warn(
          "Instance {} of {} is unhealthy: {} checks in a row failed",
          id(),
          checked.pool().name(),
          failures);
      become(Health.UNHEALTHY);
    }
  }

  private String id() {
    return member.instance().id();
  }

  private void become(Health health) {
    InstancePool pool = checked.pool();
    if (member.state().health() != health) {
      member.state().health(health, pool.now());
      pool.renew(pool.now());
    }
  }
}
