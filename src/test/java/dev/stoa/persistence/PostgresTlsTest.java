package dev.stoa.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigReader;
import dev.stoa.shop.Shop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that takes encrypted connections with a password, and others not at all. */
@ExtendWith(VertxExtension.class)
class PostgresTlsTest {
  private static final String PASSWORD = "s3cret-of-the-database";

  @TempDir static Path directory;
  private static TestPostgres server;
  private static Path authority;
  private static Path stranger;

  @BeforeAll
  static void start() {
    TestCertificates certificates = new TestCertificates(directory, "ours");
    authority = certificates.authority();
    stranger = new TestCertificates(directory, "stranger").authority();
    List<Path> files = certificates.server("localhost");
    server = TestPostgres.withTls(files.get(0), files.get(1), PASSWORD);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The certificate is one of localhost. */
  @ParameterizedTest
  @CsvSource({
    "localhost, require, none, true",
    "127.0.0.1, require, none, true",
    "localhost, verify-ca, ours, true",
    "127.0.0.1, verify-ca, ours, true",
    "localhost, verify-full, ours, true",
    "localhost, verify-ca, stranger, false",
    "127.0.0.1, verify-full, ours, false",
    "localhost, disable, none, false",
  })
  void isBelievedAsFarAsTheModeSays(
      String host, String mode, String trust, boolean accepted, Vertx vertx) {
    String url = url(host, PASSWORD) + "?sslmode=" + mode;
    String trusted =
        switch (trust) {
          case "ours" -> "&sslrootcert=" + authority;
          case "stranger" -> "&sslrootcert=" + stranger;
          default -> "";
        };
    DatabaseConfig config = config(new JsonObject().put("url", url + trusted));

    Future<Boolean> encrypted = encrypted(vertx, config);

    Shop.until(encrypted::isComplete);
    assertEquals(accepted, encrypted.succeeded(), () -> String.valueOf(encrypted.cause()));
    assertTrue(!accepted || encrypted.result());
  }

  @Test
  void keysSayTheSameAsTheUrl(Vertx vertx) {
    DatabaseConfig config =
        config(
            new JsonObject()
                .put("host", "localhost")
                .put("port", server.address().port())
                .put("user", TestPostgres.GUEST)
                .put("password", PASSWORD)
                .put("name", "postgres")
                .put("sslmode", "verify-full")
                .put("sslrootcert", authority.toString()));

    assertTrue(Shop.await(encrypted(vertx, config)));
  }

  /** Migrations go another way, by JDBC. */
  @Test
  void migrationsAreEncryptedAsWell(Vertx vertx) {
    String trusted = "?sslmode=verify-full&sslrootcert=" + authority;
    DatabaseConfig config =
        config(new JsonObject().put("url", url("localhost", PASSWORD) + trusted));

    Shop.await(Database.open(vertx, config, "lease-test").compose(Database::close));
  }

  @Test
  void aWrongPasswordIsRefusedAndNotRepeated(Vertx vertx) {
    String wrong = "wr0ng-but-secret";
    DatabaseConfig config =
        config(new JsonObject().put("url", url("localhost", wrong) + "?sslmode=require"));

    Future<Boolean> refused = encrypted(vertx, config);

    Shop.until(refused::isComplete);
    assertTrue(refused.failed());
    StringWriter said = new StringWriter();
    refused.cause().printStackTrace(new PrintWriter(said));
    assertFalse(said.toString().contains(wrong), said::toString);
    assertFalse(config.toString().contains(wrong), config::toString);
  }

  private static Future<Boolean> encrypted(Vertx vertx, DatabaseConfig config) {
    Database database =
        PostgresDatabase.connect(vertx, config.server().orElseThrow(), "lease-test");
    return database
        .read("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl")
        .map(rows -> !rows.isEmpty())
        .eventually(database::close);
  }

  private static String url(String host, String password) {
    return "postgresql://%s:%s@%s:%d/postgres"
        .formatted(TestPostgres.GUEST, password, host, server.address().port());
  }

  private static DatabaseConfig config(JsonObject database) {
    ConfigReader reader = ConfigReader.of(new JsonObject().put("database", database));
    DatabaseConfig config = DatabaseConfig.from(reader, directory);
    assertEquals(List.of(), reader.errors());
    return config;
  }
}
