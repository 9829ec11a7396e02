package dev.stoa.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What every engine does. */
@ExtendWith(VertxExtension.class)
abstract class DatabaseContract {
  static final String INSERT =
      "INSERT INTO items (id, name, stock, listed, at) VALUES ($1, $2, $3, $4, $5)";

  Database database;

  /** Where the database of this test is, which is empty. */
  abstract DatabaseConfig config();

  @BeforeEach
  void open(Vertx vertx) {
    database = await(Database.open(vertx, config(), "test-service"));
  }

  @AfterEach
  void close() {
    await(database.close());
  }

  @Test
  void bindsParametersByNumberInAnyOrder(VertxTestContext test) {
    Instant at = Instant.ofEpochMilli(1_700_000_000_123L);

    database
        .run(
            "INSERT INTO items (listed, stock, name, id, at) VALUES ($4, $3, $2, $1, $5) RETURNING id",
            "i1",
            "costs '$1'",
            7L,
            true,
            at)
        .compose(
            inserted -> {
              test.verify(() -> assertEquals(List.of("i1"), inserted.map(row -> row.text("id"))));
              return database.read("SELECT * FROM items WHERE stock = $1 AND name <> '$2'", 7);
            })
        .onComplete(
            test.succeeding(
                rows ->
                    test.verify(
                        () -> {
                          Row row = rows.rows().get(0);
                          assertEquals("costs '$1'", row.text("name"));
                          assertEquals(7, row.number("stock"));
                          assertTrue(row.flag("listed"));
                          assertEquals(at, row.instant("at"));
                          test.completeNow();
                        })));
  }

  @Test
  void tellsUniqueViolationsApart(VertxTestContext test) {
    database
        .run(INSERT, "i1", "n", 1L, false, null)
        .compose(first -> database.run(INSERT, "i2", "n", 1L, false, null))
        .onComplete(
            test.failing(
                failure ->
                    test.verify(
                        () -> {
                          assertInstanceOf(UniqueViolation.class, failure);
                          test.completeNow();
                        })));
  }

  @Test
  void aFailedTransactionLeavesNothing(VertxTestContext test) {
    database
        .transaction(
            sql ->
                sql.run(INSERT, "i1", "n", 1L, false, null)
                    .compose(first -> sql.run(INSERT, "i1", "m", 1L, false, null)))
        .recover(failure -> database.read("SELECT * FROM items"))
        .onComplete(
            test.succeeding(
                rows ->
                    test.verify(
                        () -> {
                          assertTrue(rows.isEmpty());
                          test.completeNow();
                        })));
  }

  @Test
  void eachWriteIsSeenByReadersAtOnceAlsoAfterTransactions(VertxTestContext test) {
    database
        .transaction(sql -> sql.run(INSERT, "i1", "n", 1L, false, null))
        .compose(done -> database.run(INSERT, "i2", "m", 1L, false, null))
        .compose(done -> database.read("SELECT * FROM items WHERE id = $1", "i2"))
        .onComplete(
            test.succeeding(
                rows ->
                    test.verify(
                        () -> {
                          assertEquals(1, rows.rows().size());
                          test.completeNow();
                        })));
  }

  @Test
  void workThatThrowsIsRolledBackAndTheNextGoesOn(VertxTestContext test) {
    database
        .<Rows>transaction(
            sql ->
                sql.run(INSERT, "i1", "n", 1L, false, null)
                    .map(
                        first -> {
                          throw new IllegalStateException("later");
                        }))
        .recover(
            failure ->
                database.<Rows>transaction(
                    sql -> {
                      throw new IllegalStateException("at once");
                    }))
        .recover(failure -> database.transaction(sql -> sql.run(INSERT, "i2", "m", 1L, true, null)))
        .compose(done -> database.read("SELECT * FROM items"))
        .onComplete(
            test.succeeding(
                rows ->
                    test.verify(
                        () -> {
                          assertEquals("i2", rows.rows().get(0).text("id"));
                          assertEquals(1, rows.rows().size());
                          test.completeNow();
                        })));
  }

  @Test
  void concurrentConditionalUpdatesNeverGoBelowZero(VertxTestContext test) {
    database
        .run(INSERT, "i1", "n", 50L, true, null)
        .compose(
            inserted -> {
              List<Future<Rows>> takes = new ArrayList<>();
              for (int i = 0; i < 80; i++) {
                takes.add(
                    database.run(
                        "UPDATE items SET stock = stock - 1 WHERE id = $1 AND stock >= 1", "i1"));
              }
              return Future.all(takes)
                  .map(all -> takes.stream().mapToInt(f -> f.result().changed()).sum());
            })
        .onComplete(
            test.succeeding(
                taken ->
                    test.verify(
                        () -> {
                          assertEquals(50, taken);
                          test.completeNow();
                        })));
  }

  @Test
  void resultsComeOnTheCallersContext(Vertx vertx) {
    Context caller = vertx.getOrCreateContext();
    Promise<Context> seen = Promise.promise();

    caller.runOnContext(
        now -> database.run("SELECT 1").onComplete(done -> seen.complete(Vertx.currentContext())));

    assertEquals(caller, await(seen.future()));
  }

  @Test
  void workForARequestWhoseTimeIsOverIsRefusedAndNotDone(Vertx vertx) throws Exception {
    List<Future<?>> refused = new ArrayList<>();
    inARequest(
        vertx,
        () -> {
          WorkDeadline.begin(System.nanoTime() - 1);
          refused.add(database.run(INSERT, "i1", "n", 1L, true, null));
          refused.add(database.transaction(sql -> sql.run(INSERT, "i2", "m", 1L, true, null)));
          refused.add(database.read("SELECT * FROM items"));
          return Future.join(refused).otherwiseEmpty();
        });

    for (Future<?> work : refused) {
      assertEquals(ProblemType.DEADLINE_EXCEEDED, ((ProblemException) work.cause()).type());
    }
    assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
  }

  @Test
  void whatWasBegunInTimeIsBroughtToItsEnd(Vertx vertx) throws Exception {
    inARequest(
        vertx,
        () -> {
          WorkDeadline.begin(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
          return database
              .read("SELECT * FROM items")
              .onSuccess(read -> assertTrue(WorkDeadline.current().isPresent()))
              .compose(read -> database.run(INSERT, "i1", "n", 1L, true, null))
              .onSuccess(done -> assertTrue(WorkDeadline.current().isEmpty()));
        });

    assertEquals(1, await(database.read("SELECT * FROM items")).rows().size());
  }

  /** As a server does: on a context of the request's own. */
  private static <T> void inARequest(Vertx vertx, Callable<Future<T>> work) throws Exception {
    CompletableFuture<T> over = new CompletableFuture<>();
    ((ContextInternal) vertx.getOrCreateContext())
        .duplicate()
        .runOnContext(
            v -> {
              try {
                work.call()
                    .onComplete(
                        result -> over.complete(result),
                        failure -> over.completeExceptionally(failure));
              } catch (Exception e) {
                over.completeExceptionally(e);
              }
            });
    over.get(20, TimeUnit.SECONDS);
  }

  @Test
  void aTransactionWithAStatementThatFailedHasFailed() {
    await(database.run(INSERT, "i1", "n", 1L, true, null));

    Future<Rows> transaction =
        database.transaction(
            sql ->
                sql.run(INSERT, "i2", "m", 1L, true, null)
                    .compose(done -> sql.run(INSERT, "i3", "n", 1L, true, null))
                    .otherwise(new Rows(List.of(), 0)));

    assertInstanceOf(UniqueViolation.class, settled(transaction).cause());
    assertEquals(1, await(database.read("SELECT * FROM items")).rows().size());
  }

  /** To one more than is found there by that statement. */
  private static Future<Rows> increment(Sql sql, String look) {
    return sql.run(look, "count")
        .map(rows -> rows.first(row -> row.number("stock")).orElseThrow())
        .compose(seen -> sql.run("UPDATE items SET stock = $1 WHERE id = $2", seen + 1, "count"));
  }

  @Test
  void transactionsAreSerializable() {
    await(database.run(INSERT, "count", "count", 0L, true, null));
    List<Future<Rows>> increments = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      increments.add(
          database.transaction(sql -> increment(sql, "SELECT stock FROM items WHERE id = $1")));
    }

    long done = increments.stream().filter(write -> settled(write).succeeded()).count();
    Rows rows = await(database.read("SELECT stock FROM items WHERE id = $1", "count"));
    assertEquals(done, rows.rows().get(0).number("stock"));
    assertTrue(done > 0);
  }

  @Test
  void guardedWorkThatBeginsByWritingToARowHasItToItselfAndIsNeverRefused() {
    await(database.run(INSERT, "count", "count", 0L, true, null));
    List<Future<Rows>> increments = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      increments.add(
          database.guarded(
              sql -> increment(sql, "UPDATE items SET at = at WHERE id = $1 RETURNING stock")));
    }

    await(Future.all(increments));
    Rows rows = await(database.read("SELECT stock FROM items WHERE id = $1", "count"));
    assertEquals(100, rows.rows().get(0).number("stock"));
  }

  @Test
  void guardedWorkThatFindsARowThereSeesIt() {
    List<Future<Boolean>> claims = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String name = "n" + i;
      claims.add(
          database.guarded(
              sql ->
                  sql.run(INSERT + " ON CONFLICT (id) DO NOTHING", "i1", name, 1L, true, null)
                      .compose(
                          mine ->
                              sql.run("SELECT name FROM items WHERE id = $1", "i1")
                                  .map(
                                      rows -> {
                                        String there = rows.rows().get(0).text("name");
                                        assertEquals(mine.changed() == 1, there.equals(name));
                                        return mine.changed() == 1;
                                      }))));
    }

    await(Future.all(claims));
    assertEquals(1, claims.stream().filter(Future::result).count());
  }

  @Test
  void guardedWorkThatFailsLeavesNothing() {
    Future<?> failed =
        database.guarded(
            sql ->
                Future.join(
                    sql.run(INSERT, "i1", "n", 1L, true, null),
                    sql.run(INSERT, "i2", "n", 1L, true, null),
                    sql.run(INSERT, "i3", "m", 1L, true, null)));

    assertInstanceOf(UniqueViolation.class, settled(failed).cause());
    assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
  }

  static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static <T> T await(Future<T> future) {
    Future<T> settled = settled(future);
    if (settled.failed()) {
      throw new AssertionError(settled.cause());
    }
    return settled.result();
  }

  static <T> Future<T> settled(Future<T> future) {
    CountDownLatch done = new CountDownLatch(1);
    future.onComplete(ended -> done.countDown());
    awaitUninterrupted(done);
    return future;
  }
}
