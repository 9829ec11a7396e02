package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancerTest {
  private final CaughtLog log = new CaughtLog(OutlierWatch.class);
  private static final int KEYS = 30_000;

  @AfterEach
  void close() {
    log.close();
  }

  @ParameterizedTest
  @CsvSource({
    "round_robin, 0",
    "weighted, 0",
    "random, 0.05",
    "least_requests, 0.05",
    "power_of_two, 0.05",
    "consistent_hash, 0.05"
  })
  void sharesEvenlyAmongEquals(String strategy, double tolerance) {
    Map<Integer, Integer> shares = new Pools(3).shares(Pools.strategy(strategy), 30_000);

    assertEquals(Set.of(1, 2, 3), shares.keySet());
    shares.values().forEach(share -> assertEquals(10_000, share, 10_000 * tolerance));
  }

  @Test
  void roundRobinSharesEvenlyWhileInstancesComeAndGo() {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.strategy("round_robin");

    pools.shares(balancer, 100);
    pools.remove(2);
    assertEquals(Map.of(1, 50, 3, 50), pools.shares(balancer, 100));
    pools.add(Pools.instance(2)).add(Pools.instance(4));
    assertEquals(Map.of(1, 25, 2, 25, 3, 25, 4, 25), pools.shares(balancer, 100));
  }

  @Test
  void weightedFollowsTheInstancesWeights() {
    Pools pools = new Pools("");
    pools.add(Pools.instance(1).withWeight(5)).add(Pools.instance(2).withWeight(1));
    Balancer balancer = Pools.strategy("weighted");

    assertEquals(Map.of(1, 500, 2, 100), pools.shares(balancer, 600));
    pools.add(Pools.instance(2).withWeight(15));
    assertEquals(Map.of(1, 150, 2, 450), pools.shares(balancer, 600));
  }

  @ParameterizedTest
  @EnumSource(BalancerConfig.Strategy.class)
  void nothingGoesToAnInstanceOfWeightZero(BalancerConfig.Strategy strategy) {
    Pools pools = new Pools(2).add(Pools.instance(3).withWeight(0));

    assertFalse(pools.shares(Pools.strategy(strategy.name()), 1_000).containsKey(3));
  }

  @Test
  void anInstanceOfWeightZeroDoesNotStandInForOthersThatFail() {
    Pools pools = new Pools(2).add(Pools.instance(3).withWeight(0));
    Balancer balancer = Pools.balancer("{'outlier_detection': {'consecutive_failures': 1}}");

    for (int i = 0; i < 30; i++) {
      Lease lease = pools.pick(balancer);
      assertNotEquals(3, lease.instance().port());
      lease.failed(CallFailure.CONNECT);
      Lease again = pools.pickAfter(balancer, lease);
      assertNotEquals(3, again.instance().port());
      again.failed(CallFailure.CONNECT);
    }

    pools.remove(1);
    pools.remove(2);
    assertEquals(3, pools.pick(balancer).instance().port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"least_requests", "power_of_two"})
  void givesLessToTheBusy(String strategy) {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.strategy(strategy);
    List<Lease> slow = new ArrayList<>();

    // Port 1 answers each request only when the 30th after it has come.
    Map<Integer, Integer> shares = new TreeMap<>();
    for (int i = 0; i < 3_000; i++) {
      Lease lease = pools.pick(balancer);
      shares.merge(lease.instance().port(), 1, Integer::sum);
      if (lease.instance().port() == 1) {
        slow.add(lease);
      } else {
        lease.completed();
      }
      if (i % 30 == 0) {
        slow.forEach(Lease::completed);
        slow.clear();
      }
    }

    assertTrue(shares.get(1) < 600, shares::toString);
    assertEquals(shares.get(2), shares.get(3), 300);
  }

  @Test
  void leastRequestsCountsForTheWeight() {
    Pools pools = new Pools("");
    pools.add(Pools.instance(1).withWeight(3)).add(Pools.instance(2).withWeight(1));
    Balancer balancer = Pools.strategy("least_requests");

    Map<Integer, Integer> held = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      held.merge(pools.pick(balancer).instance().port(), 1, Integer::sum);
    }

    assertEquals(30, held.get(1), 1);
  }

  @Test
  void theSameKeyGoesToTheSameInstance() {
    Balancer balancer = Pools.strategy("consistent_hash");

    List<Integer> here = homes(new Pools(5), balancer);
    List<Integer> there = homes(new Pools(5), Pools.strategy("consistent_hash"));

    assertEquals(here, there);
  }

  @Test
  void consistentHashMovesOnlyTheKeysOfTheInstanceThatLeaves() {
    Pools pools = new Pools(5);
    Balancer balancer = Pools.strategy("consistent_hash");
    List<Integer> before = homes(pools, balancer);

    pools.remove(3);
    List<Integer> after = homes(pools, balancer);

    Map<Integer, Integer> heirs = new TreeMap<>();
    for (int i = 0; i < KEYS; i++) {
      if (!before.get(i).equals(after.get(i))) {
        assertEquals(3, before.get(i));
        heirs.merge(after.get(i), 1, Integer::sum);
      }
    }
    int moved = heirs.values().stream().mapToInt(n -> n).sum();
    assertEquals(KEYS / 5.0, moved, KEYS * 0.01);
    heirs.values().forEach(share -> assertEquals(moved / 4.0, share, moved * 0.05));
    pools.add(Pools.instance(3));
    assertEquals(before, homes(pools, balancer));
  }

  @Test
  void consistentHashFollowsTheWeights() {
    Pools pools = new Pools("");
    pools.add(Pools.instance(1).withWeight(3)).add(Pools.instance(2).withWeight(1));
    List<Integer> homes = homes(pools, Pools.strategy("consistent_hash"));

    assertEquals(KEYS * 0.75, homes.stream().filter(port -> port == 1).count(), KEYS * 0.02);
  }

  @Test
  void aHotKeySpillsOverWhenItsInstanceBearsMoreThanItsBound() {
    Pools pools = new Pools(4);
    Balancer balancer =
        Pools.balancer("{'load_balancer': {'strategy': 'consistent_hash', 'load_bound': 1.5}}");
    long hot = HashKey.of("hot");
    int home = pools.pick(balancer, hot).instance().port();

    Map<Integer, Integer> held = new TreeMap<>();
    for (int i = 1; i < 200; i++) {
      held.merge(pools.pick(balancer, hot).instance().port(), 1, Integer::sum);
    }

    int most = (int) Math.ceil(1.5 * 200 / 4);
    held.values().forEach(n -> assertTrue(n <= most, held::toString));
    assertEquals(most, held.get(home), 1);
  }

  @Test
  void inQuietTimesAKeyStaysAtHome() {
    Pools pools = new Pools(4);
    Balancer balancer = Pools.strategy("consistent_hash");

    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < ConsistentHash.UNHURT; i++) {
      ports.add(pools.pick(balancer, HashKey.of("a")).instance().port());
    }

    assertEquals(1, ports.size());
  }

  @Test
  void aNewcomerGetsLessAtFirst() {
    for (BalancerConfig.Strategy strategy : BalancerConfig.Strategy.values()) {
      Pools pools = new Pools(2);
      Balancer balancer =
          Pools.balancer(
              "{'load_balancer': {'strategy': '" + strategy + "', 'slow_start': '100s'}}");
      assertEquals(1_500, pools.shares(balancer, 3_000).get(1), 200, strategy::name);

      pools.add(Pools.instance(3));
      pools.shares(balancer, 1);
      pools.pass(10_000);
      int early = pools.shares(balancer, 3_000).get(3);
      pools.pass(40_000);
      int later = pools.shares(balancer, 3_000).get(3);
      pools.pass(60_000);
      int warm = pools.shares(balancer, 3_000).get(3);

      assertTrue(early > 0 && early < 300, () -> strategy + " gave " + early);
      assertTrue(later > early && later < 900, () -> strategy + " gave " + later);
      assertEquals(1_000, warm, 150, strategy::name);
    }
  }

  @Test
  void prefersTheOwnZoneWhileEnoughOfItIsThere() {
    Pools pools = new Pools("north");
    for (int port = 1; port <= 6; port++) {
      pools.add(Pools.instance(port).withZone(port <= 3 ? "north" : "south"));
    }
    Balancer near = Pools.balancer("{'load_balancer': {'prefer_zone': true}}");

    assertEquals(Map.of(1, 10, 2, 10, 3, 10), pools.shares(near, 30));
    assertEquals(6, pools.shares(Pools.strategy("round_robin"), 60).size());
    pools.pool.renew(pools.clock.get());
    eject(pools, 1);
    assertEquals(Map.of(2, 15, 3, 15), pools.shares(near, 30));
    eject(pools, 2);
    assertEquals(Map.of(3, 10, 4, 10, 5, 10, 6, 10), pools.shares(near, 40));
  }

  @ParameterizedTest
  @EnumSource(BalancerConfig.Strategy.class)
  void anotherAttemptGoesToAnotherInstanceWhileThereIsOne(BalancerConfig.Strategy strategy) {
    Pools pools = new Pools(4);
    Balancer balancer = Pools.strategy(strategy.name());

    Set<Integer> ports = new HashSet<>();
    Lease lease = pools.pick(balancer);
    for (int attempt = 1; attempt <= 4; attempt++) {
      assertEquals(attempt, lease.attempt());
      assertTrue(ports.add(lease.instance().port()));
      lease.failed(CallFailure.RESET);
      lease = pools.pickAfter(balancer, lease);
    }

    assertTrue(ports.contains(lease.instance().port()));
  }

  /** Whatever happens: something is picked, and nothing tried or ejected while another is left. */
  @ParameterizedTest
  @EnumSource(BalancerConfig.Strategy.class)
  void keepsItsPromisesInEveryState(BalancerConfig.Strategy strategy) {
    Random random = new Random(4);
    for (int round = 0; round < 100; round++) {
      Pools pools = new Pools(1 + random.nextInt(6));
      Balancer balancer =
          Pools.balancer(
              "{'load_balancer': {'strategy': '%s', 'slow_start': '10s', 'prefer_zone': true},"
                      .formatted(strategy)
                  + "'outlier_detection': {'consecutive_failures': 2, 'max_ejected': 0.8}}");
      for (int step = 0; step < 60; step++) {
        change(pools, random);
        Set<Integer> usable = usable(pools);
        Set<Integer> tried = new HashSet<>();
        Optional<Lease> last = Optional.empty();
        for (int attempt = 0; attempt < 1 + random.nextInt(4); attempt++) {
          Lease lease = balancer.pick(pools.pool, random.nextLong(), last).orElseThrow();
          int port = lease.instance().port();
          Set<Integer> best = new HashSet<>(usable);
          best.removeAll(tried);
          assertTrue(best.isEmpty() || best.contains(port), () -> port + " is not of " + best);
          tried.add(port);
          end(lease, random);
          usable = usable(pools);
          last = Optional.of(lease);
        }
      }
      assertEquals(0, pools.pool.statuses().stream().mapToInt(InstanceStatus::inFlight).sum());
    }
  }

  @Test
  void picksNothingOnlyWhereThereIsNothing() {
    Pools pools = new Pools(1);
    Balancer balancer = Pools.strategy("round_robin");
    pools.pick(balancer);

    pools.remove(1);
    assertEquals(Optional.empty(), balancer.pick(pools.pool, 0, Optional.empty()));
    pools.add(Pools.instance(2));
    assertEquals(2, pools.pick(balancer).instance().port());
  }

  @Test
  void countsSurviveChangesOfTheCatalogButNotAnotherAddress() {
    Pools pools = new Pools(2);
    Balancer balancer = Pools.strategy("round_robin");
    Lease one = pools.pick(balancer);
    ServiceInstance instance = one.instance();

    pools.remove(instance.port());
    pools.pick(balancer).completed();
    pools.add(instance.withWeight(7));
    assertEquals(1, pools.status(instance.port()).inFlight());
    pools.add(new ServiceInstance(instance.id(), Pools.SERVICE, "127.0.0.1", 99));
    assertEquals(0, pools.status(99).inFlight());
    one.completed();
    assertEquals(0, pools.status(99).inFlight());
  }

  @Test
  void aLeaseEndsOnce() {
    Pools pools = new Pools(1);
    Lease lease = pools.pick(Pools.strategy("random"));
    lease.answered(200);

    lease.completed();
    lease.completed();
    lease.failed(CallFailure.RESET);
    lease.abandoned();

    InstanceStatus status = pools.status(1);
    assertEquals(0, status.inFlight());
    assertEquals(1, status.successes());
    assertEquals(0, status.failures());
    assertNotEquals(0, status.latency().toNanos());
  }

  private static List<Integer> homes(Pools pools, Balancer balancer) {
    List<Integer> homes = new ArrayList<>();
    for (int key = 0; key < KEYS; key++) {
      Lease lease = pools.pick(balancer, HashKey.of("customer-" + key));
      homes.add(lease.instance().port());
      lease.completed();
    }
    return homes;
  }

  private static void eject(Pools pools, int port) {
    Balancer strict =
        Pools.balancer("{'outlier_detection': {'consecutive_failures': 1, 'max_ejected': 0.9}}");
    pools.fail(strict, port, 1);
  }

  private static Set<Integer> usable(Pools pools) {
    Set<Integer> usable = new HashSet<>();
    for (InstanceStatus status : pools.pool.statuses()) {
      if (status.ejectedUntil().isEmpty() && status.instance().weight() > 0) {
        usable.add(status.instance().port());
      }
    }
    return usable;
  }

  private static void change(Pools pools, Random random) {
    int port = 1 + random.nextInt(6);
    switch (random.nextInt(12)) {
      case 0 -> pools.add(Pools.instance(port));
      case 1 -> pools.add(Pools.instance(port).withWeight(random.nextInt(3)));
      case 2 -> {
        if (pools.registry.catalog().instances(Pools.SERVICE).size() > 1) {
          pools.remove(port);
        }
      }
      case 3 -> pools.pass(random.nextInt(40_000));
      default -> {}
    }
  }

  private static void end(Lease lease, Random random) {
    switch (random.nextInt(4)) {
      case 0 -> lease.failed(CallFailure.values()[random.nextInt(4)]);
      case 1 -> lease.abandoned();
      case 2 -> {
        lease.answered(503);
        lease.completed();
      }
      default -> lease.completed();
    }
  }
}
