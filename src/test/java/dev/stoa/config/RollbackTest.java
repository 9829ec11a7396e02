package dev.stoa.config;

import static dev.stoa.config.ConfigFixture.QUICK;
import static dev.stoa.config.ConfigFixture.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a configuration and the way back, on real files. */
final class RollbackTest {

  private record Shop(int port, String limit, Optional<String> secret) {
    static final Configuration.Meaning<Shop> MEANING =
        new Configuration.Meaning<>(
            Shop::from,
            (old, now) -> old.port == now.port ? List.of() : List.of("port"),
            "port"::equals);

    static Shop from(ConfigReader reader) {
      return new Shop(
          reader.integer("port", 1, 1, 65_535),
          reader.string("limit", "none"),
          reader.section("auth").string("jwt_secret"));
    }
  }

  private static Vertx vertx;
  @TempDir private Path base;
  private ConfigFixture<Shop> files;
  private Path conf;

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
  }

  @AfterEach
  void close() {
    files.close();
  }

  @Test
  void keepsWhatWasInForceTheNewestFirstWithWhatChanged() throws IOException {
    write("limit: a\n");
    Configuration<Shop> configuration = started();
    edit(configuration, "limit: b\nport: 7\n");
    edit(configuration, "limit: b\n");

    List<ConfigRevision> history = configuration.history();

    assertEquals(List.of(3, 2, 1), history.stream().map(ConfigRevision::number).toList());
    assertEquals(configuration.status().revision(), history.get(0).id());
    assertEquals(
        List.of(
            new ConfigChange("limit", Optional.of("a"), Optional.of("b")),
            new ConfigChange("port", Optional.empty(), Optional.of(7))),
        history.get(1).changes());
    assertEquals(
        List.of(new ConfigChange("port", Optional.of(7), Optional.empty())),
        history.get(0).changes());
    assertEquals(
        List.of(ConfigRevision.Source.FILES, ConfigRevision.Source.START),
        history.stream().skip(1).map(ConfigRevision::source).toList());
  }

  @Test
  void theHistoryOutlivesTheProcessAndCountsOn() throws IOException {
    write("limit: a\n");
    result(started().close());
    result(started().close());
    write("limit: b\n");

    Configuration<Shop> third = started();

    List<ConfigRevision> history = third.history();
    assertEquals(List.of(2, 1), history.stream().map(ConfigRevision::number).toList());
    assertEquals(
        List.of(new ConfigChange("limit", Optional.of("a"), Optional.of("b"))),
        history.get(0).changes());
  }

  @Test
  void theHistoryIsBoundedInMemoryAndOnDisk() throws IOException {
    write("limit: start\n");
    Configuration<Shop> configuration = started();
    for (int i = 0; i < RevisionIndex.MAX_REVISIONS + 3; i++) {
      edit(configuration, "limit: n" + i + "\n");
    }

    assertEquals(RevisionIndex.MAX_REVISIONS, configuration.history().size());
    try (Stream<Path> kept = Files.walk(files.data())) {
      long sets = kept.filter(path -> path.endsWith("config.yaml")).count();
      assertEquals(RevisionIndex.MAX_REVISIONS, sets);
    }
  }

  @Test
  void noSecretIsInTheHistoryNorInADifference() throws IOException {
    write("auth: {jwt_secret: hunter2}\n");
    Configuration<Shop> configuration = started();
    edit(configuration, "auth: {jwt_secret: hunter3}\n");

    List<ConfigRevision> history = configuration.history();
    List<ConfigChange> difference =
        result(configuration.diff(history.get(1).id(), history.get(0).id()));

    List<ConfigChange> masked =
        List.of(new ConfigChange("auth.jwt_secret", Optional.of("***"), Optional.of("***")));
    assertEquals(masked, history.get(0).changes());
    assertEquals(masked, difference);
    assertFalse(configuration.effective().encode().contains("hunter"));
    try (Stream<Path> kept = Files.walk(files.data())) {
      Path index = kept.filter(path -> path.endsWith("revisions.json")).findFirst().orElseThrow();
      assertFalse(Files.readString(index).contains("hunter"));
    }
  }

  @Test
  void aRollbackHoldsAgainstTheFilesUntilOtherGoodOnesCome() throws IOException {
    write("limit: good\n");
    Configuration<Shop> configuration = started();
    String good = configuration.status().revision();
    edit(configuration, "limit: bad\n");

    assertTrue(result(configuration.rollBack(good, "zeno")));

    assertEquals("good", configuration.live().get().limit());
    assertEquals("rollback", configuration.status().source());
    assertEquals("zeno", configuration.status().pin().orElseThrow().by());
    assertEquals(Optional.of("zeno"), configuration.history().get(0).by());
    result(configuration.reload());
    assertEquals("good", configuration.live().get().limit(), "what is on disk was judged");
    write("limit: bad # touched, and broken: {\nport: x\n");
    result(configuration.reload());
    assertEquals("good", configuration.live().get().limit());
    assertTrue(configuration.status().stale());
    write("limit: bad\n");
    result(configuration.reload());
    assertEquals("good", configuration.live().get().limit(), "an undone edit is no new one");
    edit(configuration, "limit: mended\n");
    assertEquals("mended", configuration.live().get().limit());
    assertEquals("files", configuration.status().source());
  }

  @Test
  void aRollbackSurvivesRestartsAndEndsThereWhenTheFilesAreMended() throws IOException {
    write("limit: good\n");
    Configuration<Shop> configuration = started();
    String good = configuration.status().revision();
    edit(configuration, "limit: bad\n");
    result(configuration.rollBack(good, "zeno"));
    String rolledBack = configuration.status().revision();
    result(configuration.close());

    Configuration<Shop> second = started();

    assertEquals("good", second.live().get().limit());
    assertEquals(rolledBack, second.status().revision());
    assertTrue(second.status().pin().isPresent());
    result(second.close());
    write("limit: mended\n");
    Configuration<Shop> third = started();
    assertEquals("mended", third.live().get().limit());
    result(third.close());
    write("limit: bad\n");
    assertEquals("bad", started().live().get().limit(), "the judgement ended with the mending");
  }

  @Test
  void rollingBackToWhatTheFilesSayEndsARollback() throws IOException {
    write("limit: a\n");
    Configuration<Shop> configuration = started();
    String first = configuration.status().revision();
    edit(configuration, "limit: b\n");
    String second = configuration.status().revision();
    result(configuration.rollBack(first, "zeno"));

    result(configuration.rollBack(second, "zeno"));

    assertEquals("b", configuration.live().get().limit());
    assertEquals(Optional.empty(), configuration.status().pin());
    assertEquals(4, configuration.history().get(0).number());
  }

  @Test
  void whatNeedsARestartIsSaidAndNotChanged() throws IOException {
    write("port: 1000\n");
    Configuration<Shop> configuration = started();
    String first = configuration.status().revision();
    edit(configuration, "port: 1001\n");
    assertEquals(List.of("port"), configuration.status().restartNeeded());
    String second = configuration.status().revision();

    result(configuration.rollBack(first, "zeno"));

    assertEquals(List.of(), configuration.status().restartNeeded());
    result(configuration.rollBack(second, "zeno"));
    assertEquals(List.of("port"), configuration.status().restartNeeded());
  }

  @Test
  void aRevisionThatIsUnknownOrDamagedOrNoLongerValidChangesNothing() throws IOException {
    write("port: 1000\n");
    Configuration<Shop> configuration = started();
    String first = configuration.status().revision();
    edit(configuration, "port: 1001\n");
    ConfigStatus before = configuration.status();

    assertInstanceOf(NoSuchElementException.class, failure(configuration.rollBack("9-x", "zeno")));
    try (Stream<Path> kept = Files.walk(files.data())) {
      for (Path copy : kept.filter(path -> path.endsWith("config.yaml")).toList()) {
        Files.writeString(copy, "port: 6666\n");
      }
    }
    assertInstanceOf(NoSuchElementException.class, failure(configuration.rollBack(first, "zeno")));

    assertEquals(before, configuration.status());
    assertEquals(2, configuration.history().size());
  }

  @Test
  void aRevisionThatTheEnvironmentForbidsIsRefused() throws IOException {
    write("a-b: 1\na_b: 1\n");
    result(started().close());
    write("limit: b\n");
    Configuration<Shop> configuration =
        started(ConfigLayers.in(conf, "dev").environment(Map.of("APP_A_B", "7")));
    String old = configuration.history().get(1).id();

    Throwable failure = failure(configuration.rollBack(old, "zeno"));

    ConfigException refused = assertInstanceOf(ConfigException.class, failure);
    assertEquals("environment APP_A_B", refused.errors().get(0).file());
    assertEquals("files", configuration.status().source());
  }

  @Test
  void nodesAgreeWhoDifferOnlyInWhatEachHasForItself() throws IOException {
    write("limit: a\nport: 1000\n");
    Configuration<Shop> one = started();
    String checksum = one.status().checksum();

    edit(one, "port: 1001\nlimit: a # the same\n");

    assertEquals(checksum, one.status().checksum());
    edit(one, "port: 1001\nlimit: b\n");
    assertNotEquals(checksum, one.status().checksum());
  }

  private Configuration<Shop> started() {
    return started(ConfigLayers.in(conf, "dev"));
  }

  private Configuration<Shop> started(ConfigLayers layers) {
    return files.started(layers, QUICK);
  }

  private void write(String text) {
    files.write("config.yaml", text);
  }

  private void edit(Configuration<Shop> configuration, String text) {
    String before = configuration.status().revision();
    write(text);
    Await.until(
        Duration.ofSeconds(20),
        () -> configuration.status().toString(),
        () -> !configuration.status().revision().equals(before));
  }

  private static Throwable failure(Future<?> future) {
    return assertThrows(CompletionException.class, () -> result(future)).getCause();
  }
}
