package dev.stoa.config;

import static dev.stoa.config.ConfigFixture.QUICK;
import static dev.stoa.config.ConfigFixture.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A central store among the layers, and all that can become of it. */
final class CentralStoreTest {
  private static final String ENABLED = "central: {enabled: true}\n";

  private record Shop(int port, String limit, Optional<String> secret) {
    static final Configuration.Meaning<Shop> MEANING =
        new Configuration.Meaning<>(
            Shop::from,
            (old, now) -> old.port == now.port ? List.of() : List.of("port"),
            "port"::equals);

    static Shop from(ConfigReader reader) {
      new FakeStore().place(reader);
      reader.integer("limits.each_client", 0, 0, 100);
      return new Shop(
          reader.integer("port", 1, 1, 65_535),
          reader.string("limits.each", "none"),
          reader.section("auth").string("jwt_secret"));
    }
  }

  private static Vertx vertx;
  @TempDir private Path base;
  private ConfigFixture<Shop> files;
  private Path conf;
  private final FakeStore store = new FakeStore();

  @BeforeAll
  static void openVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void closeVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void makeFolder() throws IOException {
    files = new ConfigFixture<>(vertx, base, Shop.MEANING);
    conf = files.conf();
    write(ENABLED);
  }

  @AfterEach
  void close() {
    files.close();
    assertEquals(0, store.watches());
  }

  @Test
  void keysWinOverDocumentsAndDocumentsOverFilesAndTheProcessOverAll() throws IOException {
    write(ENABLED + "limits: {each: file}\nauth: {jwt_secret: file}\nport: 1\n");
    store
        .put("config.yaml", "limits: {each: document}\nauth: {jwt_secret: document}\n")
        .put("config-prod.yaml", "limits: {each: of another profile}\n")
        .put("limits/each", "key")
        .put("folder.yml", "x: y\n")
        .put("port", "7");

    Configuration<Shop> configuration = started(layers().commandLine(Map.of("port", "8")));

    assertEquals(new Shop(8, "key", Optional.of("document")), configuration.live().get());
    assertEquals(
        List.of("kv shop/folder.yml"),
        configuration.status().warnings().stream().map(ConfigWarning::file).toList());
    assertFalse(configuration.effective().encode().contains("document"), "it is a secret");
  }

  @Test
  void variablesThatHaveNothingToDoWithTheStoreDoNotHideIt() throws IOException {
    store.put("port", "7");

    Configuration<Shop> configuration =
        started(
            layers().environment(Map.of("APP_LIMITS_EACH", "5", "APP_LIMITS_EACH_CLIENT", "2")));

    assertEquals(new Shop(7, "5", Optional.empty()), configuration.live().get());
  }

  @Test
  void theEnvironmentMeansKeysThatAreThereForTheSakeOfOthers() throws IOException {
    write("central: {enabled: true, tree: {}}\n");

    Configuration<Shop> configuration =
        started(layers().environment(Map.of("APP_CENTRAL_TREE_TOP_FOLDER", "street/")));

    assertEquals("kv street/", configuration.store().orElseThrow().name());
  }

  @Test
  void aChangeIsLiveAndADeletionFallsBackToTheFiles() throws IOException {
    write(ENABLED + "limits: {each: file}\n");
    store.put("port", "7");
    Configuration<Shop> configuration = started();
    assertEquals("file", limit(configuration));

    store.put("limits.each", "store");
    awaitLimit(configuration, "store");
    store.delete("limits.each");
    awaitLimit(configuration, "file");
    store.delete("port");
    await(configuration, () -> configuration.live().get().port() == 1);

    assertEquals(4, configuration.history().get(0).number());
    assertEquals(List.of("port"), configuration.status().restartNeeded());
  }

  @Test
  void whatIsWrongIsRefusedByTheNameOfItsKeyAndNothingChanges() throws IOException {
    store.put("limits/each", "good");
    Configuration<Shop> configuration = started();
    String revision = configuration.status().revision();

    for (String[] bad :
        new String[][] {
          {"port", "seven", "kv shop/port: port: expected a whole number"},
          {"routes.yaml", "a: 1\na: 2\n", "kv shop/routes.yaml:2: a: expected each key once"},
          {"routes.yaml", "", "kv shop/routes.yaml: expected a mapping"},
          {"config.json", "{", "kv shop/config.json:1: expected strict JSON"},
          {"limits.each", "twice", "kv shop/limits/each: limits.each: expected one value"},
          {"a//b", "1", "kv shop/a//b: a..b: expected a dotted key"},
          {"central/enabled", "false", "kv shop/central/enabled: central: expected it in a file"}
        }) {
      store.put(bad[0], bad[1]);
      await(configuration, () -> configuration.status().errors().toString().contains(bad[2]));
      assertEquals(revision, configuration.status().revision());
      assertEquals("good", limit(configuration));
      store.delete(bad[0]);
      await(configuration, () -> !configuration.status().stale());
    }
    assertTrue(configuration.refused() >= 7);
  }

  @Test
  void aStoreThatIsAwayOrForgetsEverythingChangesNothing() throws IOException {
    store.put("limits/each", "store");
    Configuration<Shop> configuration = started();

    store.fails("connection refused");
    awaitStore(configuration, StoreStatus.State.AWAY);
    assertEquals("kv shop/: connection refused", configuration.store().get().toString());
    store.comesBack(true);
    awaitStore(configuration, StoreStatus.State.EMPTY);
    write(ENABLED + "port: 9\n");
    await(configuration, () -> configuration.live().get().port() == 9);
    assertEquals("store", limit(configuration));
    assertFalse(configuration.status().stale());

    store.put("limits/each", "again");
    awaitLimit(configuration, "again");
    awaitStore(configuration, StoreStatus.State.ANSWERING);
  }

  @Test
  void whatTheStoreSaidLastOutlivesTheProcess() throws IOException {
    store.put("limits/each", "store");
    result(started().close());
    store.fails("connection refused");

    Configuration<Shop> second = started();

    assertEquals("store", limit(second));
    assertEquals(StoreStatus.State.AWAY, second.store().get().state());
    assertEquals(1, second.history().size());
    result(second.close());
    store.comesBack(true);
    Configuration<Shop> third = started();
    assertEquals("store", limit(third), "an empty store says nothing");
    assertEquals(StoreStatus.State.EMPTY, third.store().get().state());
    result(third.close());
    write("{}\n");
    Configuration<Shop> fourth = started();
    assertEquals("none", limit(fourth));
    result(fourth.close());
    write(ENABLED);
    store.fails("connection refused");
    assertEquals("none", limit(started()), "what is not used is not kept");
  }

  @Test
  void aStartWithoutTheStoreIsWithTheFilesAloneUntilItComes() throws IOException {
    write(ENABLED + "limits: {each: file}\n");
    store.put("limits/each", "store").fails("connection refused");
    Configuration<Shop> configuration = started();
    assertEquals("file", limit(configuration));

    store.comesBack(false);

    awaitLimit(configuration, "store");
  }

  @Test
  void aStoreThatIsRequiredAndAwayIsNoStart() throws IOException {
    write("central: {enabled: true, required: true}\n");
    store.put("limits/each", "store").fails("connection refused");

    Throwable failure = failure(configuration(layers()).start());

    assertTrue(failure.getMessage().contains("connection refused"), failure::getMessage);
    assertEquals(
        failure.getMessage(), failure(configuration(layers()).check()).getMessage(), "foretold");
    store.comesBack(false);
    result(started().close());
    store.fails("connection refused");
    assertEquals("store", limit(started()), "there has been an answer before");
  }

  @Test
  void theFilesTurnItOnAndOffAndLeadElsewhere() throws IOException {
    write("{}\n");
    store.put("limits/each", "store");
    Configuration<Shop> configuration = started();
    assertEquals(Optional.empty(), configuration.store());

    write(ENABLED);
    awaitLimit(configuration, "store");
    write("central: {enabled: true, prefix: other/}\n");
    await(configuration, () -> configuration.store().get().name().equals("kv other/"));
    write(ENABLED + "port: no\n");
    await(configuration, () -> configuration.status().stale());
    assertEquals("kv other/", configuration.store().get().name(), "a bad file leads nowhere");
    assertEquals(1, store.watches());
    write("{}\n");
    awaitLimit(configuration, "none");
    assertEquals(0, store.watches());
    assertEquals(Optional.empty(), configuration.store());
  }

  @Test
  void aStoreThatSaysNonsenseCanBeLeft() throws IOException {
    store.put("limits/each", "store");
    Configuration<Shop> configuration = started();
    store.put("port", "no");
    await(configuration, () -> configuration.status().stale());

    write("limits: {each: file}\n");

    awaitLimit(configuration, "file");
    assertFalse(configuration.status().stale());
    assertEquals(0, store.watches());
  }

  @Test
  void whoOnlyChecksForgetsNothing() throws IOException {
    store.put("limits/each", "store");
    result(started().close());
    store.fails("connection refused");
    write("{}\n");

    ConfigReport report = result(configuration(layers()).check());

    assertFalse(report.effective().containsKey("limits"));
    write(ENABLED);
    assertEquals("store", limit(started()));
  }

  @Test
  void aRollbackHoldsAgainstTheStoreUntilItSaysSomethingElse() throws IOException {
    store.put("limits/each", "good");
    Configuration<Shop> configuration = started();
    String good = configuration.status().revision();
    store.put("limits/each", "bad");
    awaitLimit(configuration, "bad");

    result(configuration.rollBack(good, "zeno"));
    assertEquals("good", limit(configuration));
    result(configuration.close());
    store.fails("connection refused");
    Configuration<Shop> second = started();
    assertEquals("good", limit(second));
    assertEquals("rollback", second.status().source());
    store.comesBack(false);
    awaitStore(second, StoreStatus.State.ANSWERING);
    result(second.reload());
    assertEquals("good", limit(second), "what the store says was judged");

    store.put("limits/each", "mended");
    awaitLimit(second, "mended");
    assertEquals("files", second.status().source());
  }

  @Test
  void dryRunsAndChecksKnowTheStore() {
    store.put("limits/each", "store");
    Configuration<Shop> configuration = configuration(layers());

    ConfigReport before = result(configuration.check());
    assertEquals("store", before.effective().getJsonObject("limits").getString("each"));
    result(configuration.close());
    Configuration<Shop> running = started();

    ConfigReport good = result(running.dryRun("kv/limits/each", "else"));
    ConfigReport bad = result(running.dryRun("kv/port", "no"));

    assertEquals(
        List.of(new ConfigChange("limits.each", Optional.of("store"), Optional.of("else"))),
        good.changes());
    assertEquals("kv shop/port", bad.errors().get(0).file());
    assertFalse(running.isRead("kv/"));
    assertEquals("store", limit(running));
  }

  @Test
  void moreThanAConfigurationCanBeIsNoAnswer() {
    store.put("limits/each", "store");
    Configuration<Shop> configuration = started();

    store.put("routes.yaml", "#" + "x".repeat(FileSet.MAX_BYTES));
    awaitStore(configuration, StoreStatus.State.AWAY);
    assertEquals("store", limit(configuration));
    store.delete("routes.yaml");
    awaitStore(configuration, StoreStatus.State.ANSWERING);
  }

  private ConfigLayers layers() {
    return ConfigLayers.in(conf, "dev").store(store);
  }

  private Configuration<Shop> configuration(ConfigLayers layers) {
    return files.configuration(layers, QUICK);
  }

  private Configuration<Shop> started() {
    return started(layers());
  }

  private Configuration<Shop> started(ConfigLayers layers) {
    return files.started(layers, QUICK);
  }

  private void write(String text) {
    files.write("config.yaml", text);
  }

  private static String limit(Configuration<Shop> configuration) {
    return configuration.live().get().limit();
  }

  private static void awaitLimit(Configuration<Shop> configuration, String limit) {
    await(configuration, () -> limit(configuration).equals(limit));
  }

  private static void awaitStore(Configuration<Shop> configuration, StoreStatus.State state) {
    await(configuration, () -> configuration.store().get().state() == state);
  }

  private static void await(Configuration<Shop> configuration, BooleanSupplier condition) {
    Await.until(
        Duration.ofSeconds(30),
        () -> configuration.status() + " " + configuration.store(),
        condition);
  }

  private static Throwable failure(Future<?> future) {
    Throwable cause = assertThrows(CompletionException.class, () -> result(future)).getCause();
    return assertInstanceOf(ConfigException.class, cause);
  }
}
