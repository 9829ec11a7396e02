package dev.stoa.idempotency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.idempotency.IdempotencyStore.Abandoned;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The store over a real database, with a clock that goes when it is told to. */
@ExtendWith(VertxExtension.class)
class IdempotencyStoreTest {
  private static final KeptReply REPLY = new KeptReply(201, "{}", "{\"a\":20.00}");

  private Database database;
  private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private volatile IdempotencyConfig config =
      new IdempotencyConfig(Duration.ofHours(24), Duration.ofSeconds(10), 1000, 0, 0);
  private IdempotencyStore store;

  @BeforeEach
  void open(Vertx vertx, @TempDir Path directory) {
    database =
        await(Database.open(vertx, config(directory), "test-service", IdempotencyStore.TABLES));
    await(database.run("DELETE FROM idempotency_keys"));
    store = store(Abandoned.RUN_AGAIN);
  }

  DatabaseConfig config(Path directory) {
    return new DatabaseConfig(directory);
  }

  @AfterEach
  void close() {
    await(database.close());
  }

  private IdempotencyStore store(Abandoned abandoned) {
    return store(Presence.UNKNOWN, abandoned);
  }

  private IdempotencyStore store(Presence presence, Abandoned abandoned) {
    return await(
        IdempotencyStore.open(
            database,
            () -> config,
            () -> now,
            () -> UUID.randomUUID().toString(),
            presence,
            abandoned));
  }

  @Test
  void ofManyWhoClaimAtOnceOneWorks() {
    List<Future<Admission>> claims = IntStream.range(0, 50).mapToObj(i -> claim("a", "k")).toList();

    List<Admission> ends = claims.stream().map(claim -> await(claim.otherwise(e -> null))).toList();

    assertEquals(1, ends.stream().filter(Claim.class::isInstance).count());
    claims.stream().filter(Future::failed).forEach(c -> refused(ProblemType.REQUEST_IN_FLIGHT, c));
  }

  @Test
  void aKeptReplyIsGivenForItsTimeAndNoLonger() {
    await(store.keep(claimed("a", "k"), REPLY));

    pass(Duration.ofHours(24).minusMillis(1));
    assertEquals(REPLY, await(claim("a", "k")));
    refused(ProblemType.IDEMPOTENCY_KEY_REUSED, claim("a", "k", "other"));
    pass(Duration.ofMillis(1));
    assertEquals(false, claimed("a", "k", "other").again());
  }

  @Test
  void whatIsHeldIsRenewedAndWhatIsNotIsTakenOver() {
    Claim first = claimed("a", "k");

    pass(Duration.ofSeconds(9));
    await(store.tend());
    pass(Duration.ofSeconds(9));
    refused(ProblemType.REQUEST_IN_FLIGHT, claim("a", "k"));
    pass(Duration.ofSeconds(1));
    Claim second = claimed("a", "k");

    assertEquals(first.workId(), second.workId());
    assertTrue(second.again());
    assertNotEquals(first.id(), second.id());
    refused(ProblemType.REQUEST_IN_FLIGHT, claim("a", "k"));
  }

  @Test
  void whatAProcessHeldThatIsGoneIsTakenOverAtOnce() {
    Set<String> gone = new HashSet<>();
    Claim first = (Claim) await(claim(store(process("one", gone), Abandoned.RUN_AGAIN)));
    IdempotencyStore other = store(process("two", gone), Abandoned.RUN_AGAIN);

    refused(ProblemType.REQUEST_IN_FLIGHT, claim(other));
    gone.add("one");
    Claim second = (Claim) await(claim(other));

    assertTrue(second.again());
    assertEquals(first.workId(), second.workId());
    refused(ProblemType.REQUEST_IN_FLIGHT, claim(store(process("three", gone), Abandoned.LEAVE)));
    gone.add("two");
    refused(ProblemType.REQUEST_IN_FLIGHT, claim(other));
    refused(ProblemType.OUTCOME_UNKNOWN, claim(store(process("three", gone), Abandoned.LEAVE)));
  }

  private static Presence process(String self, Set<String> gone) {
    return new Presence(self, process -> Future.succeededFuture(gone.contains(process)));
  }

  private static Future<Admission> claim(IdempotencyStore store) {
    return store.claim("a", key("k"), bytes("x"));
  }

  @Test
  void whoLostTheClaimCannotEndIt() {
    Claim late = claimed("a", "k");
    pass(Duration.ofSeconds(10));
    Claim owner = claimed("a", "k");

    await(store.free(late));
    await(store.release(late));
    refused(ProblemType.REQUEST_IN_FLIGHT, store.keep(late, new KeptReply(500, "{}", null)));
    refused(ProblemType.REQUEST_IN_FLIGHT, claim("a", "k"));
    assertEquals(REPLY, await(store.keep(owner, REPLY)));

    assertEquals(REPLY, await(store.keep(late, new KeptReply(500, "{}", null))));
    await(store.free(late));
    assertEquals(REPLY, await(claim("a", "k")));
  }

  @Test
  void whatNobodyCanTellApartIsNotDoneAgain() {
    IdempotencyStore cautious = store(Abandoned.LEAVE);
    await(cautious.claim("a", new IdempotencyKey("k"), bytes("x")));

    refused(
        ProblemType.REQUEST_IN_FLIGHT, cautious.claim("a", new IdempotencyKey("k"), bytes("x")));
    pass(Duration.ofSeconds(10));
    refused(ProblemType.OUTCOME_UNKNOWN, cautious.claim("a", new IdempotencyKey("k"), bytes("x")));
    pass(Duration.ofHours(24));
    assertInstanceOf(Claim.class, await(cautious.claim("a", new IdempotencyKey("k"), bytes("x"))));
  }

  @Test
  void oldKeysAreSweptAwayAndWhatIsAtWorkIsNot() {
    for (int i = 0; i < 450; i++) {
      await(store.keep(claimed("a", "k" + i), REPLY));
    }
    pass(Duration.ofHours(24).minusSeconds(5));
    await(store.keep(claimed("a", "young"), REPLY));
    Claim atWork = claimed("a", "working");

    pass(Duration.ofSeconds(5));
    await(store.tend());

    assertEquals(2, keys());
    pass(Duration.ofHours(25));
    await(store.tend());
    assertEquals(1, keys(), "held, so renewed");
    await(store.leave(atWork));
    pass(Duration.ofSeconds(10));
    await(store.tend());
    assertEquals(0, keys());
  }

  @Test
  void withTooManyKeysNoFurtherOneIsTakenUntilSomeAreForgotten() {
    config = new IdempotencyConfig(Duration.ofHours(1), Duration.ofSeconds(10), 3, 0, 0);
    await(store.keep(claimed("a", "1"), REPLY));
    await(store.keep(claimed("a", "2"), REPLY));
    await(store.free(claimed("a", "3")));
    await(store.keep(claimed("a", "4"), REPLY));

    refused(ProblemType.OVERLOADED, claim("a", "5"));
    assertEquals(REPLY, await(claim("a", "1")));
    refused(ProblemType.OVERLOADED, store(Abandoned.RUN_AGAIN).claim("a", key("5"), bytes("x")));
    pass(Duration.ofHours(1));
    await(store.tend());
    claimed("a", "5");
  }

  @Test
  void callersAndKeysCannotBeConfused() {
    await(store.keep(claimed("a", "bc"), REPLY));

    claimed("ab", "c");
    claimed("b", "bc");
    assertEquals(REPLY, await(claim("a", "bc")));
  }

  @Test
  void allStoresOfADatabaseShareItsSecret() {
    await(store.keep(claimed("a", "k"), REPLY));

    assertEquals(REPLY, await(store(Abandoned.RUN_AGAIN).claim("a", key("k"), bytes("x"))));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private Claim claimed(String caller, String key) {
    return claimed(caller, key, "x");
  }

  private Claim claimed(String caller, String key, String request) {
    return assertInstanceOf(Claim.class, await(claim(caller, key, request)));
  }

  private Future<Admission> claim(String caller, String key) {
    return claim(caller, key, "x");
  }

  private Future<Admission> claim(String caller, String key, String request) {
    return store.claim(caller, key(key), bytes(request));
  }

  private static IdempotencyKey key(String text) {
    return new IdempotencyKey(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private long keys() {
    return await(database.read("SELECT count(*) AS n FROM idempotency_keys"))
        .rows()
        .get(0)
        .number("n");
  }

  private static void refused(ProblemType type, Future<?> claim) {
    Throwable failure = await(claim.map(done -> (Throwable) null).otherwise(f -> f));
    assertEquals(type, assertInstanceOf(ProblemException.class, failure).type());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
