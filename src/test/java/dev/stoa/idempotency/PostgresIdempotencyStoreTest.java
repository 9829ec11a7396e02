package dev.stoa.idempotency;

import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.persistence.TestPostgres;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on a server. */
class PostgresIdempotencyStoreTest extends IdempotencyStoreTest {
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
  DatabaseConfig config(Path directory) {
    return new DatabaseConfig(directory, Optional.of(server.address()));
  }
}
