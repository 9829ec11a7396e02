package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutlierTest {
  private final CaughtLog log = new CaughtLog(OutlierWatch.class);
  private static final String SOON =
      "{'outlier_detection': {'consecutive_failures': 3, 'ejection_time': '10s',"
          + " 'max_ejection_time': '25s'}}";

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void eachEjectionAndReturnIsALineInTheLog() {
    Pools pools = new Pools(2);
    Balancer balancer = Pools.balancer(SOON);

    pools.fail(balancer, 2, 3);
    pools.pass(11_000);
    pools.shares(balancer, 10);

    assertEquals(
        List.of(
            "WARN Instance shop-127.0.0.1-2 of shop is ejected for 10.0 s:"
                + " failures in a row: 3, the last: connect",
            "INFO Instance shop-127.0.0.1-2 of shop is back from ejection"),
        log.lines());
  }

  @Test
  void failuresInARowEject() {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.balancer(SOON);

    pools.fail(balancer, 2, 2);
    assertEquals(3, pools.shares(balancer, 30).size());
    pools.fail(balancer, 2, 3);

    assertEquals(Map.of(1, 15, 3, 15), pools.shares(balancer, 30));
    InstanceStatus status = pools.status(2);
    Instant until = status.ejectedUntil().orElseThrow();
    assertTrue(until.isAfter(Instant.now().plusSeconds(5)), until::toString);
    assertTrue(until.isBefore(Instant.now().plusSeconds(11)), until::toString);
    assertEquals(Optional.of(CallFailure.CONNECT), status.lastFailure());
    assertEquals(5, status.failures());
  }

  @Test
  void aSuccessBetweenThemIsForgiveness() {
    Pools pools = new Pools(2);
    Balancer balancer = Pools.balancer(SOON);

    for (int i = 0; i < 5; i++) {
      pools.fail(balancer, 1, 2);
      pools.shares(balancer, 4);
    }

    assertEquals(2, pools.shares(balancer, 10).size());
  }

  @Test
  void itComesBackWhenItsTimeIsOverAndOneFailureSendsItAwayForLonger() {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.balancer(SOON);
    pools.fail(balancer, 2, 3);

    pools.pass(9_900);
    assertFalse(pools.shares(balancer, 30).containsKey(2));
    pools.pass(200);
    pools.fail(balancer, 2, 1);
    assertFalse(pools.shares(balancer, 30).containsKey(2));
    pools.pass(19_000);
    assertFalse(pools.shares(balancer, 30).containsKey(2));
    pools.pass(1_100);
    assertEquals(10, pools.shares(balancer, 30).get(2));
    assertEquals(2, pools.status(2).ejections());
  }

  @Test
  void ejectionsGrowToABoundAndGoodBehaviourShortensThem() {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.balancer(SOON);
    for (int time : new int[] {10, 20, 25, 25}) {
      pools.fail(balancer, 1, 3);
      pools.pass(time * 1_000L - 100);
      assertFalse(pools.shares(balancer, 30).containsKey(1), () -> "before " + time + " s");
      pools.pass(200);
      assertTrue(pools.shares(balancer, 30).containsKey(1), () -> "after " + time + " s");
    }

    pools.pass(60_000);
    pools.fail(balancer, 1, 3);

    assertEquals(1, pools.status(1).ejections());
  }

  @Test
  void theLastOneIsNeverEjected() {
    for (int instances = 1; instances <= 4; instances++) {
      Pools pools = new Pools(instances);
      Balancer balancer =
          Pools.balancer("{'outlier_detection': {'consecutive_failures': 1, 'max_ejected': 1}}");
      for (int i = 0; i < 100; i++) {
        pools.pick(balancer).failed(CallFailure.RESET);
        assertTrue(
            pools.pool.statuses().stream().anyMatch(status -> status.ejectedUntil().isEmpty()));
      }
      assertEquals(instances - 1, ejected(pools));
    }
  }

  @Test
  void atMostTheConfiguredShareIsEjected() {
    Pools pools = new Pools(10);
    Balancer balancer =
        Pools.balancer("{'outlier_detection': {'consecutive_failures': 1, 'max_ejected': 0.3}}");

    for (int i = 0; i < 100; i++) {
      pools.pick(balancer).failed(CallFailure.RESET);
    }

    assertEquals(3, ejected(pools));
  }

  @Test
  void noneIsEjectedWhereTheShareIsZeroOrItIsSwitchedOff() {
    for (String off : new String[] {"'max_ejected': 0", "'enabled': false"}) {
      Pools pools = new Pools(3);
      Balancer balancer =
          Pools.balancer("{'outlier_detection': {'consecutive_failures': 1, " + off + "}}");

      for (int i = 0; i < 50; i++) {
        pools.pick(balancer).failed(CallFailure.CONNECT);
      }

      assertEquals(0, ejected(pools), off);
    }
  }

  @Test
  void whereNoMoreMayGoTheOneLongestAwayMakesRoom() {
    Pools pools = new Pools(2);
    Balancer balancer = Pools.balancer(SOON);
    pools.fail(balancer, 1, 3);

    pools.fail(balancer, 2, 10);
    assertEquals(Map.of(2, 10), pools.shares(balancer, 10));
    pools.pass(6_000);
    pools.fail(balancer, 2, 3);

    assertEquals(Map.of(1, 10), pools.shares(balancer, 10));
  }

  @Test
  void onlyTheConfiguredKindsCount() {
    Pools pools = new Pools(2);
    Balancer balancer =
        Pools.balancer(
            "{'outlier_detection': {'consecutive_failures': 1, 'failures': ['connect']}}");

    for (int i = 0; i < 4; i++) {
      pools.pick(balancer).failed(CallFailure.TIMEOUT);
      Lease lease = pools.pick(balancer);
      lease.answered(500);
      lease.completed();
    }

    assertEquals(0, ejected(pools));
    pools.pick(balancer).failed(CallFailure.CONNECT);
    assertEquals(1, ejected(pools));
  }

  @Test
  void aClientThatGoesAwaySaysNothing() {
    Pools pools = new Pools(2);
    Balancer balancer = Pools.balancer(SOON);

    for (int i = 0; i < 20; i++) {
      pools.pick(balancer).abandoned();
    }

    InstanceStatus status = pools.status(1);
    assertEquals(0, status.failures() + status.successes() + ejected(pools));
  }

  @Test
  void anErrorRateFarAboveTheOthersEjects() {
    Pools pools = new Pools(4);
    Balancer balancer = Pools.strategy("round_robin");
    pools.shares(balancer, 4);

    // Port 3 fails every other time, the others one time in ten.
    for (int i = 1; i <= 400; i++) {
      end(pools.pick(balancer), i, 2);
    }
    pools.pass(10_001);
    pools.pick(balancer).completed();

    assertEquals(Set.of(3), ejectedPorts(pools));
  }

  @Test
  void noneIsEjectedForARateThatAllHave() {
    Pools pools = new Pools(4);
    Balancer balancer = Pools.strategy("random");
    pools.shares(balancer, 4);

    for (int i = 1; i <= 2_000; i++) {
      Lease lease = pools.pick(balancer);
      lease.answered(i % 2 == 0 ? 500 : 200);
      lease.completed();
      pools.shares(balancer, 4);
      pools.clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(20));
    }

    assertEquals(0, ejected(pools));
  }

  @Test
  void aFewRequestsMakeNoRate() {
    Pools pools = new Pools(2);
    Balancer balancer = Pools.strategy("round_robin");
    pools.shares(balancer, 2);

    for (int i = 1; i <= 34; i++) { // less than 20 each
      Lease lease = pools.pick(balancer);
      lease.answered(lease.instance().port() == 1 && i % 3 != 0 ? 500 : 200);
      lease.completed();
    }
    pools.pass(10_001);
    pools.pick(balancer).completed();

    assertEquals(0, ejected(pools));
  }

  @Test
  void anEjectionSurvivesAFlappingCatalog() {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.balancer(SOON);
    pools.fail(balancer, 2, 3);

    pools.remove(2);
    pools.shares(balancer, 10);
    pools.add(Pools.instance(2));

    assertFalse(pools.shares(balancer, 30).containsKey(2));
    assertEquals(Duration.ZERO, pools.status(1).latency());
  }

  @Test
  void keepsItsBoundsWhenManyThreadsPickAndFail() throws InterruptedException {
    Pools pools = new Pools(5);
    Balancer balancer =
        Pools.balancer(
            "{'load_balancer': 'least_requests',"
                + " 'outlier_detection': {'consecutive_failures': 1, 'max_ejected': 0.4}}");
    AtomicInteger most = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int seed = t;
      Thread thread =
          new Thread(
              () -> {
                Random random = new Random(seed);
                for (int i = 0; i < 5_000; i++) {
                  Lease lease = pools.pick(balancer);
                  if (random.nextInt(3) == 0) {
                    lease.failed(CallFailure.RESET);
                  } else {
                    lease.completed();
                  }
                  if (i % 50 == 0) {
                    most.accumulateAndGet(ejectedAtOnce(pools), Math::max);
                    pools.pass(500);
                    pools.add(Pools.instance(1 + random.nextInt(5)).withWeight(1 + i % 2));
                  }
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertTrue(most.get() >= 1 && most.get() <= 2, () -> most + " of 5 at once");
    assertEquals(0, pools.pool.statuses().stream().mapToInt(InstanceStatus::inFlight).sum());
    assertEquals(
        20_000, pools.pool.statuses().stream().mapToLong(s -> s.successes() + s.failures()).sum());
  }

  @Test
  void onlySoManyThatHaveLeftAreRemembered() {
    Pools pools = new Pools(3);
    Balancer balancer = Pools.balancer(SOON);
    pools.fail(balancer, 2, 3);
    pools.remove(2);
    pools.shares(balancer, 1);

    for (int port = 10; port < 80; port++) {
      pools.add(Pools.instance(port));
      pools.shares(balancer, 1);
      pools.remove(port);
      pools.shares(balancer, 1);
    }
    pools.add(Pools.instance(2));

    assertEquals(0, pools.status(2).failures());
    assertEquals(Optional.empty(), pools.status(2).ejectedUntil());
  }

  private static void end(Lease lease, int i, int every) {
    boolean fails = lease.instance().port() == 3 ? (i / 4) % every == 0 : i / 4 % 10 == 0;
    lease.answered(fails ? 503 : 200);
    lease.completed();
  }

  private static int ejected(Pools pools) {
    return ejectedPorts(pools).size();
  }

  /** While others eject: two equal looks in a row are one moment, others say nothing. */
  private static int ejectedAtOnce(Pools pools) {
    Set<Integer> look = ejectedPorts(pools);
    return look.equals(ejectedPorts(pools)) ? look.size() : 0;
  }

  private static Set<Integer> ejectedPorts(Pools pools) {
    return pools.pool.statuses().stream()
        .filter(status -> status.ejectedUntil().isPresent())
        .map(status -> status.instance().port())
        .collect(Collectors.toSet());
  }
}
