package dev.stoa.resilience;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BulkheadTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Duration LONG = Duration.ofMinutes(1);

  @AfterAll
  static void close() throws Exception {
    get(VERTX.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void assertOverloaded(Future<Void> future) {
    ExecutionException failure =
        Assertions.assertThrows(ExecutionException.class, () -> get(future));
    ProblemException problem = (ProblemException) failure.getCause();
    assertEquals(ProblemType.OVERLOADED, problem.type());
    assertEquals("1", problem.headers().get("Retry-After"));
  }

  @Test
  void letsInAsManyAsThereArePlaces() {
    Bulkhead bulkhead = new Bulkhead(VERTX, 2, 0);

    assertTrue(bulkhead.enter(LONG).succeeded());
    assertTrue(bulkhead.enter(LONG).succeeded());
    assertOverloaded(bulkhead.enter(LONG));
    bulkhead.leave();

    assertTrue(bulkhead.enter(LONG).succeeded());
  }

  @Test
  void servesTheQueueInOrderAndBoundsIt() throws Exception {
    Bulkhead bulkhead = new Bulkhead(VERTX, 1, 2);
    bulkhead.enter(LONG);

    Future<Void> first = bulkhead.enter(LONG);
    Future<Void> second = bulkhead.enter(LONG);
    assertOverloaded(bulkhead.enter(LONG));
    assertEquals(2, bulkhead.waiting());
    bulkhead.leave();
    get(first);
    assertFalse(second.isComplete());
    bulkhead.leave();
    get(second);

    assertEquals(0, bulkhead.waiting());
    assertEquals(1, bulkhead.running());
  }

  @Test
  void givesUpOnAQueueThatDoesNotMoveAndKeepsNoPlaceForIt() throws Exception {
    Bulkhead bulkhead = new Bulkhead(VERTX, 1, 5);
    bulkhead.enter(LONG);

    assertOverloaded(bulkhead.enter(Duration.ofMillis(20)));
    assertOverloaded(bulkhead.enter(Duration.ZERO));
    bulkhead.leave();

    assertEquals(0, bulkhead.waiting());
    assertEquals(0, bulkhead.running());
    assertTrue(bulkhead.enter(LONG).succeeded());
  }

  @Test
  void morePlacesLetTheQueueInAndFewerTurnNobodyOut() throws Exception {
    Bulkhead bulkhead = new Bulkhead(VERTX, 1, 5);
    bulkhead.enter(LONG);
    Future<Void> waiting = bulkhead.enter(LONG);

    bulkhead.resize(2, 0);
    get(waiting);
    bulkhead.resize(1, 0);
    bulkhead.leave();

    assertEquals(1, bulkhead.running());
    assertOverloaded(bulkhead.enter(LONG));
  }

  @Test
  void neverExceedsItsPlacesAndForgetsNobody() throws Exception {
    int callers = 4;
    int calls = 3_000;
    Bulkhead bulkhead = new Bulkhead(VERTX, 3, callers * calls);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch served = new CountDownLatch(callers * calls);
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < callers; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < calls; i++) {
                  bulkhead
                      .enter(LONG)
                      .onSuccess(
                          in -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            VERTX.runOnContext(
                                v -> {
                                  inside.decrementAndGet();
                                  bulkhead.leave();
                                  served.countDown();
                                });
                          });
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertTrue(served.await(40, TimeUnit.SECONDS), served + " were not served");
    assertTrue(most.get() <= 3, "at once: " + most);
    assertEquals(0, bulkhead.running());
    assertEquals(0, bulkhead.waiting());
  }
}
