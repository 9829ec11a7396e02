package dev.stoa.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresDatabaseTest extends DatabaseContract {
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static TestPostgres server;

  @BeforeAll
  static void start() {
    server = TestPostgres.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  DatabaseConfig config() {
    return new DatabaseConfig(Path.of("unused"), Optional.of(server.address()));
  }

  @BeforeEach
  void empty() {
    await(database.run("DELETE FROM notes"));
    await(database.run("DELETE FROM items"));
  }

  @Test
  void aServiceIsWhereItsOwnServerIs(Vertx vertx) {
    server.execute("CREATE DATABASE apart");
    PostgresServer all = server.address();
    PostgresServer own = new PostgresServer(all.host(), all.port(), "apart", all.user(), "");
    DatabaseConfig config =
        new DatabaseConfig(Path.of("unused"), Optional.of(all), Map.of("test-service", own), LEASE);

    Database apart = await(Database.open(vertx, config, "test-service"));

    await(apart.run(INSERT, "i1", "n", 1L, true, null));
    assertEquals(1, await(apart.read("SELECT * FROM items")).rows().size());
    assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
    await(apart.close());
  }

  @Test
  void aCommitThatFailsIsNoSuccess() {
    Future<Rows> deferred =
        database.transaction(
            sql ->
                sql.run(INSERT, "i1", "n", 1L, true, null)
                    .compose(
                        done -> sql.run("INSERT INTO notes (item_id) VALUES ($1)", "nothing")));

    assertTrue(settled(deferred).failed());
    assertTrue(await(database.read("SELECT * FROM items")).isEmpty());
  }

  @Test
  void connectionsThatBreakAreReplaced() {
    await(database.run(INSERT, "i1", "n", 1L, true, null));
    Future<Rows> cut =
        database.transaction(
            sql ->
                sql.run(INSERT, "i2", "m", 1L, true, null)
                    .compose(done -> sql.run("SELECT pg_terminate_backend(pg_backend_pid())")));

    ProblemException problem = assertInstanceOf(ProblemException.class, settled(cut).cause());
    assertEquals(ProblemType.SERVICE_UNAVAILABLE, problem.type());
    assertEquals(1, await(database.read("SELECT * FROM items")).rows().size());
  }
}
