package dev.stoa.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void countsAndTimesRequestsByRouteMethodAndClassOfStatus() {
    RequestMeter meter = metrics.gatewayRequests();

    meter.record("users", "GET", 200, Duration.ofMillis(7).toNanos());
    meter.record("users", "GET", 204, Duration.ofMillis(70).toNanos());
    meter.record("users", "GET", 503, Duration.ofMillis(1).toNanos());
    meter.record("users", "GET", 0, Duration.ofMillis(1).toNanos());

    String labels = "{method=\"GET\",route=\"users\",status=\"";
    assertLine("stoa_gateway_request_duration_seconds_count" + labels + "2xx\"} 2");
    assertLine("stoa_gateway_request_duration_seconds_count" + labels + "5xx\"} 1");
    assertLine("stoa_gateway_request_duration_seconds_count" + labels + "abandoned\"} 1");
    assertLine("stoa_gateway_request_duration_seconds_bucket" + labels + "2xx\",le=\"0.01\"} 1");
    assertLine("stoa_gateway_request_duration_seconds_bucket" + labels + "2xx\",le=\"0.1\"} 2");
  }

  @Test
  void boundsTheNumberOfSeries() {
    RequestMeter meter = metrics.gatewayRequests();

    for (int i = 0; i < 3_000; i++) {
      meter.record("route-" + i, "GET", 200, 1);
    }

    long series = metrics.scrape().lines().filter(line -> line.contains("_seconds_count{")).count();
    assertEquals(2_001, series);
    assertLine(
        "stoa_gateway_request_duration_seconds_count{method=\"GET\",route=\"(other)\",status=\"2xx\"} 1000");
  }

  @Test
  void countsLimitsAndUpstreamsBeyondTheBoundTogetherAndTheOthersAsBefore() {
    for (int i = 0; i < 2 * 2_500; i++) {
      metrics.limits().decided("route:r" + i % 2_500, true, false);
      metrics.gatewayAttempts().answered("up-" + i % 2_500, "", 200, 1);
    }

    assertEquals(new LimitMeter.Decisions(2, 0), metrics.limits().decisions("route:r1999"));
    assertEquals(new LimitMeter.Decisions(0, 0), metrics.limits().decisions("route:r2000"));
    assertEquals(new LimitMeter.Decisions(1_000, 0), metrics.limits().decisions("(other)"));
    Map<String, Flow> upstreams = metrics.traffic().flows().upstreams();
    assertEquals(2_001, upstreams.size());
    assertEquals(2, upstreams.get("up-1999").durations().count());
    assertEquals(1_000, upstreams.get("(other)").durations().count());
  }

  @Test
  void aRouteThatIsCalledOtherSharesItsRowWithNobody() {
    RequestMeter.Row other = metrics.gatewayRequests().row("other");
    metrics.gatewayAttempts().answered("other", "", 200, 1);
    metrics.limits().decided("other", true, false);
    for (int i = 0; i < 2_500; i++) {
      metrics.gatewayRequests().row("route-" + i).record("GET", 200, 1);
      metrics.gatewayAttempts().row("up-" + i).answered("", 200, 1);
      metrics.limits().row("route-" + i).decided(true, false);
    }

    other.record("GET", 200, 1);

    Flows flows = metrics.traffic().flows();
    assertEquals(1, flows.routes().get("other").durations().count());
    assertEquals(1, flows.upstreams().get("other").durations().count());
    assertEquals(new LimitMeter.Decisions(1, 0), metrics.limits().decisions("other"));
    assertEquals(501, flows.routes().get("(other)").durations().count());
    assertEquals(501, flows.upstreams().get("(other)").durations().count());
  }

  @Test
  void requestsAreCountedBesideTheDecisionsOfTheirLimitAndApartFromThem() {
    LimitMeter.Row limit = metrics.limits().row("route:shop");
    RequestMeter.Row shop = metrics.gatewayRequests().row("shop", limit);
    RequestMeter.Row cafe = metrics.gatewayRequests().row("cafe", limit); // finds the room taken
    for (int i = 0; i < 3; i++) {
      limit.decided(true, false);
      limit.decided(false, true);
      shop.record("GET", 200, 60_000_000_000L);
      shop.record("POST", 200, 1);
    }
    cafe.record("GET", 200, 1);
    metrics.gatewayRequests().row("shop").record("GET", 200, 1); // as after a reload

    Flows flows = metrics.traffic().flows();
    assertEquals(7, flows.routes().get("shop").durations().count());
    assertEquals(180_000_000_004L, flows.routes().get("shop").durations().sumNanos());
    assertEquals(1, flows.routes().get("cafe").durations().count());
    assertEquals(new LimitMeter.Decisions(3, 3), metrics.limits().decisions("route:shop"));
  }

  @Test
  void losesNoCountHoweverManyThreadsCountAtOnce() throws InterruptedException {
    RequestMeter.Row row = metrics.gatewayRequests().row("shop");
    LimitMeter.Row limit = metrics.limits().row("shop");
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 12; i++) { // more than there are lanes
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < 5_000; n++) {
                  row.record("GET", 200, 1_000);
                  limit.decided(n % 2 == 0, n % 4 == 0);
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    Durations counted = metrics.traffic().flows().routes().get("shop").durations();
    assertEquals(60_000, counted.count());
    assertEquals(60_000_000, counted.sumNanos());
    assertEquals(new LimitMeter.Decisions(30_000, 30_000), metrics.limits().decisions("shop"));
    String labels = "{limit=\"shop\",scope=\"shared\",verdict=\"allowed\"}";
    assertLine("stoa_rate_limit_decisions_total" + labels + " 15000.0");
  }

  @Test
  void whatIsCalledOtherIsCountedByItselfWhileThereIsRoom() {
    metrics.gatewayAttempts().answered("other", "", 200, 1);
    metrics.gatewayAttempts().answered("shop", "", 200, 1);
    metrics.limits().decided("other", true, false);
    metrics.limits().decided("shop", true, false);
    metrics.gatewayRequests().record("other", "GET", 200, 1);
    metrics.gatewayRequests().record("shop", "GET", 200, 1);

    Flows flows = metrics.traffic().flows();
    assertEquals(1, flows.upstreams().get("shop").durations().count());
    assertEquals(1, flows.routes().get("shop").durations().count());
    assertEquals(new LimitMeter.Decisions(1, 0), metrics.limits().decisions("shop"));
  }

  @Test
  void readsGaugesWhenTheyAreAskedFor() {
    AtomicInteger open = new AtomicInteger();
    metrics.gauge("stoa_open", "How many are open.", Map.of("kind", "door"), open::get);

    open.set(7);

    assertLine("stoa_open{kind=\"door\"} 7.0");
  }

  @Test
  void countsByLabels() {
    metrics.count("stoa_reloads", "Reloads.", Map.of("outcome", "refused"), 1);
    metrics.count("stoa_reloads", "Reloads.", Map.of("outcome", "refused"), 1);

    assertLine("stoa_reloads_total{outcome=\"refused\"} 2.0");
  }

  @Test
  void tellsOfTheProcessOnlyWhenAsked() {
    assertFalse(metrics.scrape().contains("jvm_memory_used_bytes"));

    io.vertx.core.Vertx vertx = io.vertx.core.Vertx.vertx();
    metrics.watchProcess(vertx);

    assertTrue(metrics.scrape().contains("jvm_memory_used_bytes"));
    assertTrue(metrics.scrape().contains("process_cpu_seconds_total"));
    Eventually.within(
        Duration.ofSeconds(20),
        "the delay of an event loop",
        () -> metrics.scrape().contains("\nstoa_event_loop_delay_seconds_count 1"));
    vertx.close();
  }

  private void assertLine(String expected) {
    String text = metrics.scrape();
    assertTrue(text.lines().anyMatch(expected::equals), () -> expected + " is not in\n" + text);
  }
}
