package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.discovery.UpstreamPolicies;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RouteTargetsTest {
  private final ServiceRegistry registry = new LocalRegistry();
  private final InstancePools pools = new InstancePools(registry);
  private final ServiceInstance shop = ServiceInstance.of("shop", "10.0.0.1", 8080);

  @Test
  void aNameIsAnAddressUntilDiscoveryKnowsIt() {
    RouteTargets targets = targets("http://shop:9/base");

    assertEquals("http://shop:9/base", pick(targets, Optional.empty()).server().target().url());
    registry.register(shop.withSecure(true));
    assertEquals(
        "https://10.0.0.1:8080/base", pick(targets, Optional.empty()).server().target().url());
    registry.deregister(shop.id());
    assertTrue(targets.pick(pools, source -> 0, Optional.empty()).isEmpty());
  }

  @Test
  void keepsTheWeightsOfTheRoute() {
    RouteTargets targets =
        new RouteTargets(
            "a",
            List.of(
                Target.parse("http://a", 10).orElseThrow(),
                Target.parse("http://b", 2).orElseThrow(),
                Target.parse("http://c", 0).orElseThrow()),
            UpstreamPolicies.DEFAULT,
            new SharedServers());

    Map<String, Integer> shares = new TreeMap<>();
    for (int i = 0; i < 24; i++) {
      shares.merge(pick(targets, Optional.empty()).server().target().host(), 1, Integer::sum);
    }

    assertEquals(Map.of("a", 20, "b", 4), shares);
  }

  @Test
  void findsTheOneThatIsLeftAlsoWhereItWasTried() {
    registry.register(shop);
    registry.deregister(shop.id());
    RouteTargets targets =
        new RouteTargets(
            "a",
            List.of(
                Target.parse("http://shop", 3).orElseThrow(),
                Target.parse("http://10.0.0.2", 1).orElseThrow()),
            UpstreamPolicies.DEFAULT,
            new SharedServers());

    for (int i = 0; i < 4; i++) {
      Lease first = pick(targets, Optional.empty()).lease();
      first.failed(CallFailure.CONNECT);
      assertEquals("10.0.0.2", pick(targets, Optional.of(first)).server().target().host());
    }
  }

  @Test
  void whoseTurnItIsStaysWhileTheCatalogChangesElsewhere() {
    RouteTargets targets = targets("http://10.0.0.2", "http://10.0.0.3");
    List<String> hosts = new ArrayList<>();

    for (int i = 0; i < 4; i++) {
      hosts.add(pick(targets, Optional.empty()).server().target().host());
      registry.register(ServiceInstance.of("service-" + i, "10.0.1.1", 8080 + i));
    }

    assertEquals(List.of("10.0.0.2", "10.0.0.3", "10.0.0.2", "10.0.0.3"), hosts);
  }

  @Test
  void routesToTheSamePlacesTakeTurnsEachByItself() {
    SharedServers shared = new SharedServers();
    registry.register(shop);
    List<Target> addresses = List.of(target("http://10.0.0.2"), target("http://10.0.0.3"));
    List<Target> both = List.of(target("http://shop"), target("http://10.0.0.2"));

    assertEquals(
        List.of("10.0.0.2", "10.0.0.2", "10.0.0.3", "10.0.0.3"), alternating(shared, addresses));
    assertEquals(
        List.of("10.0.0.1", "10.0.0.1", "10.0.0.2", "10.0.0.2"), alternating(shared, both));
  }

  /** Where two routes with the same targets, asked in turn, send their requests. */
  private List<String> alternating(SharedServers shared, List<Target> to) {
    RouteTargets one = new RouteTargets("one", to, UpstreamPolicies.DEFAULT, shared);
    RouteTargets other = new RouteTargets("other", to, UpstreamPolicies.DEFAULT, shared);
    return Stream.of(one, other, one, other)
        .map(route -> pick(route, Optional.empty()).server().target().host())
        .toList();
  }

  private static Target target(String url) {
    return Target.parse(url, 1).orElseThrow();
  }

  private static RouteTargets targets(String... urls) {
    return new RouteTargets(
        "a",
        List.of(urls).stream().map(RouteTargetsTest::target).toList(),
        UpstreamPolicies.DEFAULT,
        new SharedServers());
  }

  private RouteTargets.Choice pick(RouteTargets targets, Optional<Lease> tried) {
    return targets.pick(pools, source -> 0, tried).orElseThrow();
  }
}
