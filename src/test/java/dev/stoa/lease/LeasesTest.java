package dev.stoa.lease;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Processes are pools of connections of their own here, and one dies when its pool is closed. */
@ExtendWith(VertxExtension.class)
class LeasesTest {
  private static final Duration LENGTH = Duration.ofMillis(900);
  private static final Duration LONG = Duration.ofMinutes(5);
  private static TestPostgres server;

  private final List<Database> opened = new ArrayList<>();
  private Vertx vertx;
  private DatabaseConfig config;

  @BeforeAll
  static void start() {
    server = TestPostgres.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void empty(Vertx given) {
    vertx = given;
    config = new DatabaseConfig(Path.of("unused"), Optional.of(server.address()));
    await(database().run("DELETE FROM leases"));
  }

  @AfterEach
  void close() {
    opened.forEach(database -> await(database.close()));
  }

  @Test
  void theFirstHasItAndTheOthersHaveNot() {
    Leases first = open(database(), LONG);
    Leases second = open(database(), LONG);
    AtomicInteger runs = new AtomicInteger();

    for (Leases one : List.of(first, second)) {
      await(one.whileHeld(() -> Future.succeededFuture(runs.incrementAndGet()).mapEmpty()).get());
    }

    assertTrue(first.held());
    assertEquals(1, first.epoch());
    assertFalse(second.held());
    assertEquals(0, second.epoch());
    assertEquals(1, runs.get());
  }

  @Test
  void itIsRenewed() {
    Leases first = open(database(), LENGTH);
    Leases second = open(database(), LENGTH);
    long end = System.nanoTime() + LENGTH.multipliedBy(2).toNanos();

    until(() -> System.nanoTime() > end || second.held());

    assertFalse(second.held());
    assertEquals(1, first.epoch());
  }

  @Test
  void itIsTakenOverFromWhoIsSilentAndWhoIsSilentKnows() {
    Database dying = database();
    Leases first = open(dying, LENGTH);
    Leases second = open(database(), LENGTH);
    assertTrue(first.held());

    await(dying.close());
    until(second::held);

    assertFalse(first.held());
    assertEquals(2, second.epoch());
  }

  @Test
  void whoIsSilentIsGoneForTheOthersAndWhoIsThereIsNot() {
    Database dying = database();
    Leases first = open(dying, LENGTH);
    Leases second = open(database(), LENGTH);
    until(() -> !await(second.isGone(first.self())));

    await(dying.close());
    until(() -> await(second.isGone(first.self())));

    until(() -> !await(second.isGone(second.self())));
    assertTrue(await(second.isGone("nobody")));
  }

  @Test
  void whoLeavesInOrderLetsOthersHaveItAtOnce() {
    Leases first = open(database(), Duration.ofSeconds(3));
    Leases second = open(database(), Duration.ofSeconds(3));

    await(first.close());
    until(second::held);

    assertFalse(first.held());
    assertEquals(2, second.epoch());
  }

  @Test
  void whatIsConditionalOnTheEpochIsNotDoneWithAnOldOne() {
    Database dying = database();
    Leases first = open(dying, LENGTH);
    Database other = database();
    Leases second = open(other, LENGTH);
    String statement = "SELECT 1 AS one WHERE " + Leases.EPOCH_HOLDS;
    assertFalse(await(other.read(statement, first.epoch())).isEmpty());

    await(dying.close());
    until(second::held);

    assertTrue(await(other.read(statement, 1L)).isEmpty());
    assertFalse(await(other.read(statement, second.epoch())).isEmpty());
  }

  @Test
  void othersSeeWhoIsThereAndWhoIsGone() {
    Database dying = database();
    Leases first = open(dying, LENGTH);
    Database other = database();
    open(other, LENGTH);
    String there = "SELECT 1 AS one FROM leases WHERE name = $1 AND expires_at > $now";
    assertFalse(await(other.read(there, "node:" + first.self())).isEmpty());

    await(dying.close());

    until(() -> await(other.read(there, "node:" + first.self())).isEmpty());
  }

  @Test
  void anEmbeddedDatabaseIsItsLastOpeners(@TempDir Path directory) {
    config = new DatabaseConfig(directory);
    Leases killed = open(database(), LONG);

    Leases next = open(database(), LONG);

    assertEquals(1, killed.epoch());
    assertTrue(next.held());
    assertEquals(2, next.epoch());
  }

  private Database database() {
    Database database = await(Database.open(vertx, config, "lease-test", Leases.TABLES));
    opened.add(database);
    return database;
  }

  private Leases open(Database database, Duration length) {
    return await(Leases.open(vertx, database, "lease-test", length));
  }
}
