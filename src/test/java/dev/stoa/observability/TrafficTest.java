package dev.stoa.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final long MILLI = Duration.ofMillis(1).toNanos();

  private final Metrics metrics = new Metrics();
  private final Traffic traffic = metrics.traffic();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void tellsRateErrorsAndPercentilesOfEachRoute() {
    for (int i = 0; i < 98; i++) {
      metrics.gatewayRequests().record("users", "GET", 200, 3 * MILLI);
    }
    metrics.gatewayRequests().record("users", "POST", 503, 700 * MILLI);
    metrics.gatewayRequests().record("users", "POST", 404, 700 * MILLI);

    Flow users = traffic.flows().routes().get("users");

    assertEquals(Set.of("users"), traffic.flows().routes().keySet());
    assertEquals(100, users.durations().count());
    assertTrue(users.rate() > 0);
    assertEquals(0.01, users.errorRate());
    assertTrue(between(2, users.p50(), 5), users.p50()::toString);
    assertTrue(between(500, users.p99(), 1_000), users.p99()::toString);
  }

  @Test
  void tellsApartTheInstancesOfAnUpstreamAndTheOperationsOfAService() {
    metrics.gatewayAttempts().answered("shop", "shop-1", 200, MILLI);
    metrics
        .gatewayAttempts()
        .failed("shop", "shop-2", AttemptMeter.Failure.TIMEOUT, 30_000 * MILLI);
    metrics.gatewayAttempts().failed("shop", "shop-1", AttemptMeter.Failure.ABANDONED, MILLI);
    metrics.serviceAttempts().answered("user-service", "", 500, MILLI);
    metrics.operations().of("user-service", "login").record(200, 50 * MILLI);

    assertEquals(3, traffic.flows().upstreams().get("shop").durations().count());
    assertEquals(0, traffic.flows().instancesOf("shop").get("shop-1").errorRate());
    assertEquals(1, traffic.flows().instancesOf("shop").get("shop-2").errorRate());
    assertEquals(Set.of("user-service"), traffic.flows().calls().keySet());
    assertEquals(1, traffic.flows().calls().get("user-service").errorRate());
    assertEquals(Set.of("login"), traffic.flows().operations().get("user-service").keySet());
  }

  @Test
  void forgetsWhatIsLongerAgoThanThreeLooks() {
    metrics.gatewayRequests().record("users", "GET", 200, MILLI);
    traffic.sample();
    assertEquals(1, traffic.flows().routes().get("users").durations().count());

    traffic.sample();
    traffic.sample();
    metrics.gatewayRequests().record("users", "GET", 500, MILLI);

    assertEquals(1, traffic.flows().routes().get("users").durations().count());
    assertEquals(1, traffic.flows().routes().get("users").errorRate());
  }

  private static boolean between(long lowMillis, Duration found, long highMillis) {
    return found.toNanos() >= lowMillis * MILLI && found.toNanos() <= highMillis * MILLI;
  }
}
