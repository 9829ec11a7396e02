package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.InstanceStatus.Health;
import dev.stoa.e2e.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
  private static final HealthCheck QUICK =
      new HealthCheck(true, "/well", Duration.ofMillis(50), Duration.ofMillis(500), 2, 2);

  private final Vertx vertx = Vertx.vertx();
  private final ServiceRegistry registry = new LocalRegistry();
  private final InstancePools pools = new InstancePools(registry);
  private final Balancer balancer = Pools.strategy("round_robin");
  private final Set<Integer> ill = ConcurrentHashMap.newKeySet();
  private final AtomicInteger asked = new AtomicInteger();
  private volatile List<HealthChecks.Checked> wanted = List.of();
  private final HealthChecks checks = new HealthChecks(vertx, () -> wanted);

  @AfterEach
  void close() {
    await(checks.stop());
    await(vertx.close());
  }

  @Test
  void anInstanceThatIsNotWellGetsNothingUntilItIs() {
    int one = serve();
    int other = serve();
    check();
    eventually(() -> health(one) == Health.HEALTHY && health(other) == Health.HEALTHY);

    ill.add(one);
    eventually(() -> health(one) == Health.UNHEALTHY);
    eventually(() -> picks().equals(Set.of(other)));
    ill.clear();
    eventually(() -> health(one) == Health.HEALTHY);

    eventually(() -> picks().equals(Set.of(one, other)));
  }

  @Test
  void oneThatIsGoneOrSilentIsNotWell() {
    int good = serve();
    int silent = listen(request -> {});
    int dead = 1;
    register(dead);
    wanted =
        List.of(
            new HealthChecks.Checked(
                pools.of(Pools.SERVICE),
                new HealthCheck(true, "/", Duration.ofMillis(50), Duration.ofMillis(100), 2, 2)));
    checks.start();

    eventually(() -> health(silent) == Health.UNHEALTHY && health(dead) == Health.UNHEALTHY);

    eventually(() -> picks().equals(Set.of(good)));
  }

  @Test
  void whereNobodyIsWellAllAreTried() {
    int one = serve();
    int other = serve();
    ill.addAll(Set.of(one, other));
    check();

    eventually(() -> health(one) == Health.UNHEALTHY && health(other) == Health.UNHEALTHY);

    eventually(() -> picks().equals(Set.of(one, other)));
  }

  @Test
  void checksThatAreNoLongerWantedLeaveNoMark() {
    int one = serve();
    serve();
    ill.add(one);
    check();
    eventually(() -> health(one) == Health.UNHEALTHY);

    wanted = List.of();
    eventually(() -> health(one) == Health.UNKNOWN);

    eventually(() -> picks().contains(one));
  }

  @Test
  void onlySoManyRunAtATime() {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    int port =
        listen(
            request -> {
              most.accumulateAndGet(open.incrementAndGet(), Math::max);
              asked.incrementAndGet();
              vertx.setTimer(
                  20,
                  id -> {
                    open.decrementAndGet();
                    request.response().end();
                  });
            });
    for (int i = 2; i <= 60; i++) {
      await(registry.register(new ServiceInstance("copy-" + i, Pools.SERVICE, "127.0.0.1", port)));
    }
    check();

    eventually(() -> asked.get() > 300);

    assertTrue(most.get() <= 16, () -> most + " at once");
    assertTrue(
        pools.of(Pools.SERVICE).statuses().stream()
            .allMatch(status -> status.health() == Health.HEALTHY));
  }

  private void check() {
    wanted = List.of(new HealthChecks.Checked(pools.of(Pools.SERVICE), QUICK));
    checks.start();
  }

  /** An instance that answers whether it is ill. */
  private int serve() {
    return listen(
        request -> {
          boolean well =
              request.path().equals("/well") && !ill.contains(request.localAddress().port());
          request.response().setStatusCode(well || request.path().equals("/") ? 204 : 503).end();
        });
  }

  private int listen(Handler<HttpServerRequest> handler) {
    HttpServer server =
        await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    register(server.actualPort());
    return server.actualPort();
  }

  private void register(int port) {
    await(registry.register(Pools.instance(port)));
  }

  private Health health(int port) {
    return pools.of(Pools.SERVICE).statuses().stream()
        .filter(status -> status.instance().port() == port)
        .findFirst()
        .orElseThrow()
        .health();
  }

  private Set<Integer> picks() {
    Set<Integer> ports = new TreeSet<>();
    for (int i = 0; i < 12; i++) {
      Lease lease =
          balancer.pick(pools.of(Pools.SERVICE), HashKey.NONE, Optional.empty()).orElseThrow();
      ports.add(lease.instance().port());
      lease.completed();
    }
    return ports;
  }

  private static void eventually(BooleanSupplier condition) {
    Eventually.within(Duration.ofSeconds(30), "the state that was waited for", condition);
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
