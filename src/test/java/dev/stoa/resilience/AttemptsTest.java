package dev.stoa.resilience;

import static dev.stoa.resilience.BreakerState.CLOSED;
import static dev.stoa.resilience.BreakerState.HALF_OPEN;
import static dev.stoa.resilience.BreakerState.OPEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class AttemptsTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration NOW = Duration.ZERO;
  private static final RetryPolicy OFTEN =
      new RetryPolicy(5, Duration.ZERO, Duration.ofMillis(250), 1, 0, FailureKinds.PASSING);

  private final Resilience resilience = new Resilience(VERTX, "node-1");
  private Guard guard = guard("{\"circuit_breaker\": {\"failure_threshold\": 2}}");

  @AfterAll
  static void close() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void aRequestThatFailsInSeveralAttemptsIsOneFailure() {
    Attempts request = request();

    for (int i = 0; i < 5; i++) {
      begin(request).failed(Failure.TIMEOUT);
    }
    request.over();
    request.over();

    assertEquals(5, guard.status().attempts());
    assertEquals(1, guard.status().failures());
    await(() -> guard.status().consecutiveFailures() == 1);
    assertEquals(CLOSED, guard.status().state());
  }

  @Test
  void aRequestThatSucceedsAtLastIsNoFailureAndClearsTheCount() {
    fail();
    await(() -> guard.status().consecutiveFailures() == 1);
    Attempts request = request();

    begin(request).failed(Failure.CONNECT);
    begin(request).answered(200, NOW);
    request.over();

    assertEquals(1, guard.status().failures());
    await(() -> guard.status().consecutiveFailures() == 0);
  }

  @Test
  void whoeverGivesUpAfterAFailureLeavesItCounted() {
    Attempts request = request();

    begin(request).answered(500, NOW);
    begin(request).ignored();
    request.over();

    assertEquals(1, guard.status().failures());
  }

  @Test
  void ofTwoAttemptsAtOnceTheBetterCounts() {
    Attempts request = request();
    Attempt first = begin(request);
    Attempt hedge = begin(request);

    first.answered(500, NOW);
    request.over();
    hedge.answered(200, NOW);

    assertEquals(0, guard.status().failures());
    assertEquals(0, guard.status().running());
  }

  @Test
  void backPressureInGoodOrderOpensNothingUnlessItIsToldTo() {
    Guard strict =
        guard(
            "{\"circuit_breaker\": {\"failure_threshold\": 2, \"failures\": [\"5xx\", \"503\"]}}");

    for (int i = 0; i < 10; i++) {
      answer(guard, 503, Duration.ofSeconds(1));
    }
    answer(strict, 503, Duration.ofSeconds(1));
    answer(strict, 503, Duration.ofSeconds(1));

    assertEquals(0, guard.status().failures());
    assertEquals(CLOSED, guard.status().state());
    await(() -> strict.status().state() == OPEN);
  }

  @Test
  void aServiceUnavailableThatDoesNotSayWhenToComeAgainIsAFailure() {
    answer(guard, 503, NOW);
    answer(guard, 503, NOW);

    await(() -> guard.status().state() == OPEN);
  }

  @Test
  void backPressureNeitherClearsTheCountNorClosesTheBreaker() {
    guard =
        guard("{\"circuit_breaker\": {\"failure_threshold\": 1, \"recovery_timeout\": \"20ms\"}}");
    fail();
    await(() -> guard.status().state() == HALF_OPEN);

    Attempts putOff = request();
    begin(putOff).answered(503, Duration.ofSeconds(1));
    putOff.over();
    assertEquals(HALF_OPEN, guard.status().state());

    Attempts well = request();
    await(() -> well.begin().onSuccess(attempt -> attempt.answered(200, NOW)).succeeded());
    await(() -> guard.status().state() == CLOSED);
  }

  @Test
  void theRequestThatProbesMayBeMadeAtAnotherInstance() {
    guard =
        guard("{\"circuit_breaker\": {\"failure_threshold\": 1, \"recovery_timeout\": \"20ms\"}}");
    fail();
    await(() -> guard.status().state() == HALF_OPEN);
    Attempts probe = request();

    begin(probe).failed(Failure.CONNECT);
    assertTrue(request().begin().failed());
    begin(probe).answered(200, NOW);
    probe.over();

    await(() -> guard.status().state() == CLOSED);
  }

  @Test
  void aProbeOfWhichNothingIsLearntMakesWayForTheNext() {
    guard =
        guard("{\"circuit_breaker\": {\"failure_threshold\": 1, \"recovery_timeout\": \"20ms\"}}");
    Attempts early = request();
    begin(early).failed(Failure.TIMEOUT);
    fail();
    await(() -> guard.status().state() == HALF_OPEN);

    begin(early).ignored(); // a second attempt, which is the probe
    early.over();

    Attempts next = request();
    await(() -> next.begin().onSuccess(attempt -> attempt.answered(200, NOW)).succeeded());
    await(() -> guard.status().state() == CLOSED);
  }

  @Test
  void whatAnInstanceAsksForIsWaitedForUnlessThereIsAnother() {
    Attempts request = request();
    Duration soon = Duration.ofMillis(200);
    begin(request).answered(503, soon);

    OptionalLong elsewhere = request.after(503, soon, true);
    OptionalLong same = request.after(503, soon, false);
    OptionalLong tooLong = request.after(503, Duration.ofSeconds(1), false);

    assertEquals(OptionalLong.of(0), elsewhere);
    assertEquals(soon.toNanos(), same.orElseThrow());
    assertFalse(tooLong.isPresent());
  }

  @Test
  void whatAnInstanceAsksForHoldsBackTheRetriesOfOtherRequestsToo() {
    answer(guard, 503, Duration.ofSeconds(30));
    Attempts other = request();
    begin(other).failed(Failure.TIMEOUT);

    assertFalse(other.after(Failure.TIMEOUT, false).isPresent());
    assertTrue(other.after(Failure.TIMEOUT, true).isPresent());
  }

  @Test
  void anInstanceThatJoinsLetsOneCallThroughAnOpenBreaker() {
    fail();
    fail();
    await(() -> guard.status().state() == OPEN);

    resilience.joined("another-service");
    assertTrue(request().begin().failed());
    resilience.joined("some-service");

    await(() -> guard.status().state() == HALF_OPEN);
    Attempts probe = request();
    await(() -> probe.begin().onSuccess(attempt -> attempt.answered(200, NOW)).succeeded());
    await(() -> guard.status().state() == CLOSED);
  }

  @Test
  void nothingIsTriedAgainPastTheDeadlineOrTheBudget() {
    Guard poor = guard("{\"retry_budget\": {\"ratio\": 0, \"floor\": 0}}");
    RetryPolicy slow =
        new RetryPolicy(5, Duration.ofSeconds(9), Duration.ofMinutes(1), 1, 0, FailureKinds.ALL);

    Attempts late = guard.attempts(slow, Deadline.after(Duration.ofSeconds(8)));
    Attempts unpaid = poor.attempts(OFTEN, Deadline.after(Duration.ofMinutes(1)));

    assertFalse(late.after(Failure.CONNECT, true).isPresent());
    assertFalse(unpaid.after(Failure.CONNECT, true).isPresent());
    assertFalse(unpaid.hedge());
  }

  private void fail() {
    Attempts request = request();
    begin(request).failed(Failure.TIMEOUT);
    request.over();
  }

  private static void answer(Guard upstream, int status, Duration retryAfter) {
    Attempts request = upstream.attempts(OFTEN, Deadline.after(Duration.ofMinutes(1)));
    begin(request).answered(status, retryAfter);
    request.over();
  }

  private Attempts request() {
    return guard.attempts(OFTEN, Deadline.after(Duration.ofMinutes(1)));
  }

  /** There is always a place, so nobody waits. */
  private static Attempt begin(Attempts request) {
    return request.begin().result();
  }

  private Guard guard(String json) {
    GuardConfig config =
        GuardConfig.from(ConfigReader.of(new JsonObject(json)), GuardConfig.DEFAULT);
    return resilience.guard(json, Set.of("some-service"), config);
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "in time");
      Thread.onSpinWait();
      Thread.yield();
    }
  }
}
