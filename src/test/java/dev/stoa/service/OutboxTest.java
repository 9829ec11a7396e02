package dev.stoa.service;

import static dev.stoa.shop.Shop.await;
import static dev.stoa.shop.Shop.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class OutboxTest {
  private static final String ADDRESS = "test.events";

  private final List<JsonObject> heard = new CopyOnWriteArrayList<>();
  private Vertx vertx;
  private Database database;
  private Leases leases;
  private Outbox outbox;

  @BeforeEach
  void open(Vertx vertx, @TempDir Path directory) {
    this.vertx = vertx;
    database =
        await(Database.open(vertx, new DatabaseConfig(directory), "outbox-test", Leases.TABLES));
    leases = await(Leases.open(vertx, database, "outbox-test", Duration.ofSeconds(5)));
    outbox = new Outbox(vertx, database, ADDRESS, leases);
    vertx.eventBus().<JsonObject>consumer(ADDRESS, message -> heard.add(message.body()));
  }

  @AfterEach
  void close() {
    await(database.close());
  }

  @Test
  void tellsInOrderAndForgetsWhatIsTold() {
    Periodic telling = outbox.start();
    for (int i = 0; i < 250; i++) {
      await(add("order.changed", "order-" + i % 3, i));
    }

    until(() -> heard.size() >= 250);

    assertEquals(IntStream.range(0, 250).boxed().toList(), numbers());
    assertEquals("order.changed", heard.get(1).getString("type"));
    assertEquals("order-1", heard.get(1).getString("subject"));
    assertEquals("2026-01-01T00:00:01Z", heard.get(1).getString("at"));
    until(() -> waiting() == 0);
    await(telling.stop());
    assertEquals(250, heard.size());
  }

  @Test
  void tellsNothingOfWhatDidNotHappen() {
    Future<?> undone =
        database.transaction(
            sql ->
                outbox
                    .add(sql, "order.changed", "order-1", Instant.EPOCH, new JsonObject())
                    .compose(done -> Future.failedFuture("no")));
    assertTrue(await(undone.map(false).otherwise(true)));
    await(add("order.changed", "order-1", 7));

    Periodic telling = outbox.start();
    until(() -> !heard.isEmpty());
    until(() -> waiting() == 0);

    await(telling.stop());
    assertEquals(List.of(7), numbers());
  }

  @Test
  void whatACrashLeftIsToldByTheNextStart() {
    await(add("order.changed", "order-1", 1));
    await(add("order.changed", "order-1", 2));

    Periodic telling = new Outbox(vertx, database, ADDRESS, leases).start();
    until(() -> heard.size() >= 2);

    await(telling.stop());
    assertEquals(List.of(1, 2), numbers());
  }

  @Test
  void ofTwoProcessesOneTellsThoughTheOtherHasNotHeardThatItLostTheLease() {
    Leases others = await(Leases.open(vertx, database, "outbox-test", Duration.ofSeconds(5)));
    for (int i = 0; i < 20; i++) {
      await(add("order.changed", "order-1", i));
    }

    Outbox theirs = new Outbox(vertx, database, ADDRESS, others);
    assertTrue(leases.held(), "and the others took it over");
    List<Periodic> both = List.of(outbox.start(), theirs.start());
    until(() -> heard.size() >= 20);
    until(() -> waiting() == 0);

    both.forEach(telling -> await(telling.stop()));
    assertEquals(IntStream.range(0, 20).boxed().toList(), numbers());
  }

  private Future<?> add(String type, String subject, int number) {
    Instant at = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(number);
    JsonObject data = new JsonObject().put("number", number);
    return database.transaction(sql -> outbox.add(sql, type, subject, at, data));
  }

  private List<Integer> numbers() {
    return heard.stream().map(event -> event.getJsonObject("data").getInteger("number")).toList();
  }

  private long waiting() {
    return await(
        database
            .read("SELECT COUNT(*) AS waiting FROM outbox")
            .map(rows -> rows.rows().get(0).number("waiting")));
  }
}
