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
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class SqliteDatabaseTest {
  private static final String INSERT =
      "INSERT INTO items (id, name, stock, listed, at) VALUES ($1, $2, $3, $4, $5)";

  @TempDir Path directory;
  private Database database;

  @BeforeEach
  void open(Vertx vertx, VertxTestContext test) {
    Database.open(vertx, new DatabaseConfig(directory), "test-service")
        .onSuccess(opened -> database = opened)
        .onComplete(test.succeedingThenComplete());
  }

  @AfterEach
  void close(VertxTestContext test) {
    database.close().onComplete(test.succeedingThenComplete());
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
  void whatFailsAmongOthersFailsAlone() {
    CountDownLatch gate = holdTheWriter();
    List<Future<Rows>> writes = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String id = "i" + i;
      String name = i % 3 == 0 ? "the same" : "n" + i;
      writes.add(
          database.transaction(
              sql ->
                  sql.run(INSERT, id, "first " + id, 1L, true, null)
                      .compose(
                          done -> sql.run("UPDATE items SET name = $1 WHERE id = $2", name, id))));
    }
    gate.countDown();

    for (int i = 0; i < 60; i++) {
      Future<Rows> write = settled(writes.get(i));
      assertEquals(i % 3 != 0 || i == 0, write.succeeded(), "write " + i);
    }
    assertEquals(41, await(database.read("SELECT * FROM items")).rows().size());
  }

  @Test
  void aCommitThatFailsIsNobodysSuccess() {
    CountDownLatch gate = holdTheWriter();
    Future<Rows> before = database.run(INSERT, "i1", "n", 1L, true, null);
    Future<Rows> deferred = database.run("INSERT INTO notes (item_id) VALUES ($1)", "nothing");
    Future<Rows> after = database.run(INSERT, "i2", "m", 1L, true, null);
    gate.countDown();

    for (Future<Rows> write : List.of(before, deferred, after)) {
      ProblemException problem = assertInstanceOf(ProblemException.class, settled(write).cause());
      assertEquals(ProblemType.SERVICE_UNAVAILABLE, problem.type());
    }
    assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
    await(database.run(INSERT, "i3", "o", 1L, true, null));
  }

  @Test
  void aTransactionDoesNotWaitForAnythingElse() {
    Promise<Rows> elsewhere = Promise.promise();
    List<Future<Rows>> late = new ArrayList<>();

    Future<Rows> waiting =
        database.transaction(
            sql ->
                sql.run(INSERT, "i1", "n", 1L, true, null)
                    .compose(done -> elsewhere.future())
                    .onSuccess(done -> late.add(sql.run(INSERT, "i2", "m", 1L, true, null))));

    assertInstanceOf(IllegalStateException.class, settled(waiting).cause());
    elsewhere.complete(null);
    assertInstanceOf(IllegalStateException.class, late.get(0).cause());
    assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
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
  void whatIsWaitingIsDoneBeforeTheEnd(Vertx vertx) {
    CountDownLatch gate = holdTheWriter();
    Future<Rows> last = database.run(INSERT, "i1", "n", 1L, true, null);
    Future<Void> closed = database.close();
    Future<Rows> tooLate = database.run(INSERT, "i2", "m", 1L, true, null);
    gate.countDown();

    await(closed);
    assertEquals(1, await(last).changed());
    assertTrue(settled(tooLate).failed());
    database = await(Database.open(vertx, new DatabaseConfig(directory), "test-service"));
    assertEquals(1, await(database.read("SELECT * FROM items")).rows().size());
  }

  @Test
  void waitingWorkIsBounded() {
    CountDownLatch gate = holdTheWriter();
    List<Future<Rows>> writes = new ArrayList<>();
    for (int i = 0; i < 5_100; i++) {
      writes.add(database.run("SELECT 1"));
    }
    gate.countDown();

    List<Throwable> refused =
        writes.stream().map(write -> settled(write).cause()).filter(Objects::nonNull).toList();
    assertEquals(100, refused.size());
    refused.forEach(
        cause -> assertEquals(ProblemType.OVERLOADED, ((ProblemException) cause).type()));
  }

  // So that what is asked for meanwhile is written together.
  private CountDownLatch holdTheWriter() {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch gate = new CountDownLatch(1);
    database.transaction(
        sql -> {
          held.countDown();
          awaitUninterrupted(gate);
          return Future.succeededFuture();
        });
    awaitUninterrupted(held);
    return gate;
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T await(Future<T> future) {
    Future<T> settled = settled(future);
    if (settled.failed()) {
      throw new AssertionError(settled.cause());
    }
    return settled.result();
  }

  private static <T> Future<T> settled(Future<T> future) {
    CountDownLatch done = new CountDownLatch(1);
    future.onComplete(ended -> done.countDown());
    awaitUninterrupted(done);
    return future;
  }
}
