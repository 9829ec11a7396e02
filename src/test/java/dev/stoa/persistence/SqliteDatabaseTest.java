package dev.stoa.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest extends DatabaseContract {
  @TempDir Path directory;

  @Override
  DatabaseConfig config() {
    return new DatabaseConfig(directory);
  }

  @Test
  void whatIsNewIsMigratedAtTheNextStartAndWhatIsThereIsKept(Vertx vertx) {
    await(database.run(INSERT, "i1", "kept", 1L, true, null));
    await(database.close());

    database = await(Database.open(vertx, config(), "test-service", "idempotency"));

    assertEquals(1, await(database.read("SELECT * FROM items")).rows().size());
    assertEquals(0, await(database.read("SELECT * FROM idempotency_keys")).rows().size());
  }

  @Test
  void aFileWhoseScriptsAreAllSeenIsOpenedAsItIs(Vertx vertx) {
    await(database.run("DROP TABLE flyway_schema_history"));
    await(database.close());

    database = await(Database.open(vertx, config(), "test-service"));

    assertEquals(
        0,
        await(database.read("SELECT 1 FROM sqlite_master WHERE name = 'flyway_schema_history'"))
            .rows()
            .size());
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
  void whatIsWaitingIsDoneBeforeTheEnd(Vertx vertx) {
    CountDownLatch gate = holdTheWriter();
    Future<Rows> last = database.run(INSERT, "i1", "n", 1L, true, null);
    Future<Void> closed = database.close();
    Future<Rows> tooLate = database.run(INSERT, "i2", "m", 1L, true, null);
    gate.countDown();

    await(closed);
    assertEquals(1, await(last).changed());
    assertTrue(settled(tooLate).failed());
    database = await(Database.open(vertx, config(), "test-service"));
    assertEquals(1, await(database.read("SELECT * FROM items")).rows().size());
  }

  @Test
  void whatWaitsToBeReadIsReadBeforeTheEnd(Vertx vertx) {
    List<Future<Rows>> reads = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      reads.add(database.read("SELECT COUNT(*) AS n FROM items"));
    }
    Future<Void> closed = database.close();

    await(closed);
    reads.forEach(read -> assertEquals(0, await(read).rows().get(0).number("n")));
    assertTrue(settled(database.read("SELECT 1")).failed());
    database = await(Database.open(vertx, config(), "test-service"));
  }

  @Test
  void readsGoOnAfterOneThatFailed() {
    assertTrue(settled(database.read("SELECT nothing FROM nowhere")).failed());

    for (int i = 0; i < 10; i++) {
      assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
    }
  }

  @Test
  void aPreparedStatementFindsColumnsThatCameLater() {
    await(database.run(INSERT, "i1", "n", 1L, true, null));
    for (int i = 0; i < 8; i++) {
      await(database.read("SELECT * FROM items"));
    }
    await(database.run("ALTER TABLE items ADD COLUMN colour TEXT DEFAULT 'red'"));

    for (int i = 0; i < 8; i++) {
      Row row = await(database.read("SELECT * FROM items")).rows().get(0);
      assertEquals("red", row.text("colour"));
      assertEquals("n", row.text("name"));
    }
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
}
