package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.observability.Metrics;
import dev.stoa.resilience.Resilience;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrafficReportTest {
  private final Vertx vertx = Vertx.vertx();
  private final Metrics metrics = new Metrics();
  private final InstancePools pools = new InstancePools(new LocalRegistry());
  private final Resilience resilience = new Resilience(vertx, "node-1");
  private final AtomicInteger looks = new AtomicInteger();
  private final TrafficReport report =
      new TrafficReport(
          () -> {
            looks.incrementAndGet();
            return metrics.traffic().flows();
          },
          pools,
          resilience);

  @AfterEach
  void close() {
    metrics.close();
    GatewayFixture.await(vertx.close());
  }

  @Test
  void tellsOfEachRouteTheInstancesThatItLeadsTo() {
    List<RouteConfig> routes = routesToPlacesOfTheirOwn(2);
    metrics.gatewayAttempts().answered(routes.get(1).upstream(), url(1), 200, 1_000_000);

    JsonArray services = report.look(routes).getJsonArray("services");

    assertEquals(2, services.size());
    JsonObject second = services.getJsonObject(1);
    assertEquals("route:r1", second.getString("name"));
    assertEquals(new JsonArray(List.of("r1")), second.getJsonArray("routes"));
    JsonObject instance = second.getJsonArray("instances").getJsonObject(0);
    assertEquals(url(1), instance.getString("id"));
    assertTrue(instance.getDouble("rate") > 0, instance::encode);
    assertEquals(0.0, services.getJsonObject(0).getDouble("rate"));
  }

  @Test
  void theGatewayAsAWholeIsAllRoutesWithoutWhatItAnswersItself() {
    metrics.gatewayRequests().record("r0", "GET", 200, 1_000_000);
    metrics.gatewayRequests().record("r1", "GET", 500, 1_000_000);
    metrics.gatewayRequests().record(OwnEndpoints.ROUTE, "GET", 200, 1_000_000);

    JsonObject alone = report.gateway();
    JsonObject within = report.look(routesToPlacesOfTheirOwn(3)).getJsonObject("gateway");

    assertEquals(0.5, alone.getDouble("errors"));
    assertEquals(0.5, within.getDouble("errors"));
    assertEquals(within.getDouble("p99_ms"), alone.getDouble("p99_ms"));
  }

  /** A report is made every two seconds on an event loop, where somebody follows it. */
  @Test
  void looksNoMoreOftenForManyServicesThanForOne() {
    AtomicInteger few = new AtomicInteger();
    AtomicInteger many = new AtomicInteger();

    report.look(counting(routesToPlacesOfTheirOwn(1), few));
    int looksForOne = looks.getAndSet(0);
    JsonObject map = report.look(counting(routesToPlacesOfTheirOwn(300), many));

    assertEquals(300, map.getJsonArray("services").size());
    assertEquals(1, looksForOne);
    assertEquals(1, looks.get());
    assertEquals(300 * few.get(), many.get(), "routes that were read");
  }

  private List<RouteConfig> routesToPlacesOfTheirOwn(int count) {
    JsonArray json = new JsonArray();
    for (int i = 0; i < count; i++) {
      json.add(new JsonObject().put("name", "r" + i).put("path", "/r" + i).put("target", url(i)));
    }
    ConfigReader reader = ConfigReader.of(new JsonObject().put("routes", json));
    List<RouteConfig> routes = GatewayConfig.from(reader).routes().routes();
    routes.stream()
        .map(
            route ->
                new RouteTargets(
                    route.name(), route.targets(), route.upstreams(), new SharedServers()))
        .forEach(targets -> targets.pick(pools, source -> 0, Optional.empty()));
    return routes;
  }

  private static String url(int i) {
    return "http://10.0." + i / 250 + "." + i % 250 + ":81";
  }

  /** The same routes, each reading of one counted. */
  private static List<RouteConfig> counting(List<RouteConfig> routes, AtomicInteger reads) {
    return new AbstractList<>() {
      @Override
      public RouteConfig get(int index) {
        reads.incrementAndGet();
        return routes.get(index);
      }

      @Override
      public int size() {
        return routes.size();
      }
    };
  }
}
