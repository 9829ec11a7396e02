package dev.stoa.resilience;

import static dev.stoa.resilience.BreakerState.CLOSED;
import static dev.stoa.resilience.BreakerState.HALF_OPEN;
import static dev.stoa.resilience.BreakerState.OPEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of transitions, and what a table cannot say. */
@Timeout(60)
class BreakerTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Context CONTEXT = VERTX.getOrCreateContext();
  private static final Duration NEVER = Duration.ofHours(1);
  private static final Duration SOON = Duration.ofMillis(50);

  private final List<BreakerChange> changes = new CopyOnWriteArrayList<>();
  private final List<Breaker.Permit> early = new ArrayList<>();
  private Breaker breaker;
  private Breaker.Permit probe;
  private BreakerConfig reloaded;

  @AfterAll
  static void close() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** What can happen to a breaker with a threshold of three. */
  private enum Event {
    SUCCESS,
    FAILURE,
    IGNORED,
    TWO_FAILURES,
    /** A call that began before anything else did. */
    LATE_SUCCESS,
    LATE_FAILURE,
    /** Other settings come into force. */
    RELOAD,
    /** An instance of the upstream joins. */
    INSTANCE,
    REFUSAL,
    RECOVERY_TIME,
    PROBE_BEGINS,
    PROBE_SUCCEEDS,
    PROBE_FAILS,
    PROBE_IGNORED,
    PROBE_LOST
  }

  static Stream<Arguments> transitions() {
    return Stream.of(
        row(CLOSED, CLOSED, Event.SUCCESS),
        row(CLOSED, CLOSED, Event.FAILURE),
        row(CLOSED, CLOSED, Event.TWO_FAILURES),
        row(CLOSED, OPEN, Event.TWO_FAILURES, Event.FAILURE),
        row(CLOSED, CLOSED, Event.TWO_FAILURES, Event.SUCCESS, Event.TWO_FAILURES),
        row(CLOSED, CLOSED, Event.TWO_FAILURES, Event.IGNORED),
        row(CLOSED, OPEN, Event.TWO_FAILURES, Event.IGNORED, Event.FAILURE),
        row(CLOSED, CLOSED, Event.TWO_FAILURES, Event.RELOAD),
        row(CLOSED, OPEN, Event.TWO_FAILURES, Event.RELOAD, Event.FAILURE),
        row(CLOSED, OPEN, Event.TWO_FAILURES, Event.RELOAD, Event.LATE_FAILURE),
        row(CLOSED, CLOSED, Event.TWO_FAILURES, Event.RELOAD, Event.SUCCESS, Event.TWO_FAILURES),
        row(CLOSED, CLOSED, Event.INSTANCE),
        row(OPEN, OPEN, Event.REFUSAL),
        row(OPEN, OPEN, Event.RELOAD, Event.REFUSAL),
        row(OPEN, HALF_OPEN, Event.INSTANCE),
        row(OPEN, CLOSED, Event.INSTANCE, Event.PROBE_BEGINS, Event.PROBE_SUCCEEDS),
        row(OPEN, OPEN, Event.INSTANCE, Event.PROBE_BEGINS, Event.PROBE_FAILS, Event.REFUSAL),
        row(HALF_OPEN, HALF_OPEN, Event.PROBE_BEGINS, Event.INSTANCE, Event.REFUSAL),
        row(HALF_OPEN, HALF_OPEN, Event.RELOAD),
        row(OPEN, OPEN, Event.LATE_SUCCESS, Event.REFUSAL),
        row(OPEN, OPEN, Event.LATE_FAILURE, Event.REFUSAL),
        row(OPEN, HALF_OPEN, Event.RECOVERY_TIME),
        row(OPEN, CLOSED, Event.RECOVERY_TIME, Event.PROBE_BEGINS, Event.PROBE_SUCCEEDS),
        row(HALF_OPEN, HALF_OPEN, Event.PROBE_BEGINS),
        row(HALF_OPEN, HALF_OPEN, Event.PROBE_BEGINS, Event.REFUSAL),
        row(HALF_OPEN, CLOSED, Event.PROBE_BEGINS, Event.PROBE_SUCCEEDS),
        row(HALF_OPEN, OPEN, Event.PROBE_BEGINS, Event.PROBE_FAILS),
        row(HALF_OPEN, OPEN, Event.PROBE_BEGINS, Event.PROBE_LOST),
        row(HALF_OPEN, HALF_OPEN, Event.PROBE_BEGINS, Event.PROBE_IGNORED),
        row(
            HALF_OPEN,
            CLOSED,
            Event.PROBE_BEGINS,
            Event.PROBE_IGNORED,
            Event.PROBE_BEGINS,
            Event.PROBE_SUCCEEDS),
        row(HALF_OPEN, HALF_OPEN, Event.LATE_SUCCESS),
        row(HALF_OPEN, HALF_OPEN, Event.LATE_FAILURE),
        row(HALF_OPEN, HALF_OPEN, Event.PROBE_BEGINS, Event.LATE_SUCCESS, Event.REFUSAL),
        row(HALF_OPEN, CLOSED, Event.PROBE_BEGINS, Event.LATE_FAILURE, Event.PROBE_SUCCEEDS),
        row(
            HALF_OPEN,
            CLOSED,
            Event.PROBE_BEGINS,
            Event.PROBE_SUCCEEDS,
            Event.LATE_FAILURE,
            Event.TWO_FAILURES));
  }

  private static Arguments row(BreakerState from, BreakerState to, Event... events) {
    return arguments(from, List.of(events), to);
  }

  @ParameterizedTest(name = "{0} + {1} = {2}")
  @MethodSource
  void transitions(BreakerState from, List<Event> events, BreakerState to) throws Exception {
    boolean waits = events.contains(Event.RECOVERY_TIME) || from == HALF_OPEN;
    boolean loses = events.contains(Event.PROBE_LOST);
    given(from, waits ? SOON : NEVER, loses ? SOON : NEVER);

    for (Event event : events) {
      apply(event);
      settle();
    }

    if (to == OPEN && waits) {
      // It recovers again soon, which may have happened by now.
      await(() -> openings().size() == 2);
    } else {
      await(() -> breaker.state() == to);
    }
  }

  private void given(BreakerState from, Duration recovery, Duration probeTimeout) throws Exception {
    breaker = breaker(config(recovery, recovery, probeTimeout));
    reloaded = config(recovery, recovery.plusMillis(1), probeTimeout);
    early.add(breaker.acquire().orElseThrow());
    early.add(breaker.acquire().orElseThrow());
    if (from != CLOSED) {
      fail(3);
      await(() -> !changes.isEmpty());
    }
    if (from == HALF_OPEN) {
      await(() -> breaker.state() == HALF_OPEN);
    }
  }

  private void apply(Event event) throws Exception {
    switch (event) {
      case SUCCESS -> breaker.acquire().orElseThrow().succeeded();
      case FAILURE -> fail(1);
      case TWO_FAILURES -> fail(2);
      case IGNORED -> breaker.acquire().orElseThrow().ignored();
      case LATE_SUCCESS -> early.remove(0).succeeded();
      case LATE_FAILURE -> early.remove(0).failed();
      case RELOAD -> breaker.configure(reloaded);
      case INSTANCE -> breaker.tryNow();
      case REFUSAL -> {
        assertTrue(breaker.refuses());
        assertEquals(Optional.empty(), breaker.acquire());
      }
      case RECOVERY_TIME -> await(() -> breaker.state() == HALF_OPEN);
      case PROBE_BEGINS -> {
        await(() -> !breaker.refuses());
        probe = breaker.acquire().orElseThrow();
      }
      case PROBE_SUCCEEDS -> probe.succeeded();
      case PROBE_FAILS -> probe.failed();
      case PROBE_IGNORED -> probe.ignored();
      case PROBE_LOST -> await(() -> openings().size() == 2);
    }
  }

  @Test
  void changesAreToldOnceAndInOrder() throws Exception {
    breaker = breaker(config(SOON, SOON, NEVER));

    fail(10);
    await(() -> breaker.state() == HALF_OPEN);
    breaker.acquire().orElseThrow().ignored();
    await(() -> !breaker.refuses());
    breaker.acquire().orElseThrow().succeeded();
    await(() -> changes.size() >= 3); // told just after the state has changed

    assertEquals(CLOSED, breaker.state());
    assertEquals(
        List.of("closed-open", "open-half_open", "half_open-closed"),
        changes.stream().map(c -> c.from().text() + "-" + c.to().text()).toList());
  }

  @Test
  void staysOpenLongerEachTimeAProbeFailsUpToABound() throws Exception {
    breaker = breaker(config(Duration.ofMillis(40), Duration.ofMillis(100), NEVER));

    fail(3);
    await(() -> openings().size() == 1);
    for (int opening = 1; opening <= 3; opening++) {
      await(() -> !breaker.refuses());
      breaker.acquire().orElseThrow().failed();
      int openings = opening + 1;
      await(() -> openings().size() == openings);
    }

    List<Duration> openFor = openings();
    assertTrue(openFor.get(0).compareTo(Duration.ofMillis(40)) <= 0, openFor.toString());
    assertTrue(openFor.get(1).compareTo(Duration.ofMillis(40)) > 0, openFor.toString());
    assertTrue(openFor.get(3).compareTo(Duration.ofMillis(100)) <= 0, openFor.toString());
  }

  @Test
  void openTimeDoublesWithoutOverflow() {
    BreakerConfig grows = config(Duration.ofSeconds(60), Duration.ofDays(1), NEVER);

    assertEquals(Duration.ofSeconds(60), grows.openTime(1));
    assertEquals(Duration.ofSeconds(240), grows.openTime(3));
    assertEquals(Duration.ofDays(1), grows.openTime(1_000_000));
    assertEquals(Duration.ofSeconds(60), BreakerConfig.DEFAULT.openTime(7));
  }

  @Test
  void aLowerThresholdOpensWithTheNextFailureAndNotByItself() throws Exception {
    breaker = breaker(config(NEVER, NEVER, NEVER));
    fail(2);
    settle();
    assertEquals(2, breaker.failures());

    breaker.configure(
        new BreakerConfig(true, 1, NEVER, NEVER, Duration.ofMinutes(1), NEVER, FailureKinds.ALL));
    settle();
    assertEquals(CLOSED, breaker.state());
    fail(1);
    await(() -> breaker.state() == OPEN);

    breaker.configure(config(NEVER, NEVER, NEVER));
    settle();
    assertEquals(OPEN, breaker.state());
  }

  @Test
  void closesAgainUnderManyConcurrentFailuresAndSuccesses() throws Exception {
    breaker = breaker(config(SOON, SOON, NEVER));
    List<Thread> callers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int caller = i;
      Thread thread =
          new Thread(
              () -> {
                for (int n = 0; n < 2_000; n++) {
                  int call = n;
                  breaker
                      .acquire()
                      .ifPresent(
                          permit -> {
                            if ((call + caller) % 3 == 0) {
                              permit.succeeded();
                            } else {
                              permit.failed();
                            }
                          });
                }
              });
      thread.start();
      callers.add(thread);
    }
    for (Thread caller : callers) {
      caller.join();
    }

    await(
        () -> {
          breaker.acquire().ifPresent(Breaker.Permit::succeeded);
          return breaker.state() == CLOSED;
        });
    assertFalse(breaker.refuses());
  }

  private List<Duration> openings() {
    return changes.stream()
        .filter(change -> change.to() == OPEN)
        .map(BreakerChange::openFor)
        .toList();
  }

  private static BreakerConfig config(Duration recovery, Duration longest, Duration probe) {
    return new BreakerConfig(
        true, 3, recovery, longest, Duration.ofMinutes(1), probe, FailureKinds.ALL);
  }

  private Breaker breaker(BreakerConfig config) {
    return new Breaker("upstream", VERTX, CONTEXT, config, changes::add);
  }

  private void fail(int times) {
    List<Breaker.Permit> permits = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      permits.add(breaker.acquire().orElseThrow());
    }
    permits.forEach(Breaker.Permit::failed);
  }

  /** Everything that was handed to the breaker's context, and what that handed on, is done. */
  private static void settle() throws Exception {
    CompletableFuture<Void> settled = new CompletableFuture<>();
    hop(8, settled);
    settled.get(20, TimeUnit.SECONDS);
  }

  private static void hop(int hops, CompletableFuture<Void> settled) {
    if (hops == 0) {
      settled.complete(null);
    } else {
      CONTEXT.runOnContext(v -> hop(hops - 1, settled));
    }
  }

  private static void await(BooleanSupplier condition) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      Thread.onSpinWait();
      Thread.yield();
    }
  }
}
