package dev.stoa.config;

import static dev.stoa.config.ConfigFixture.QUICK;
import static dev.stoa.config.ConfigFixture.result;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The reload transaction on real files. */
final class ConfigurationTest {
  private static final Duration SEEN = Duration.ofSeconds(2);

  private record Shop(int port, String name) {
    static final Configuration.Meaning<Shop> MEANING =
        new Configuration.Meaning<>(Shop::from, Shop::restart, "port"::equals);

    static Shop from(ConfigReader reader) {
      Shop shop = new Shop(reader.integer("port", 1, 1, 65_535), reader.string("name", "none"));
      reader.section("auth").string("jwt_secret");
      if (shop.name.equals("forbidden")) {
        reader.error("name", "another name");
      }
      if (shop.name.equals("bug")) {
        throw new IllegalArgumentException("hunter2");
      }
      return shop;
    }

    static List<String> restart(Shop old, Shop now) {
      return old.port == now.port ? List.of() : List.of("port");
    }
  }

  private static Vertx vertx;
  @TempDir private Path base;
  private ConfigFixture<Shop> files;
  private Path conf;
  private Path data;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeAll
  static void openVertx() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void closeVertx() {
    vertx.close().await();
  }

  @BeforeEach
  void listen() throws IOException {
    files = new ConfigFixture<>(vertx, base, Shop.MEANING);
    conf = files.conf();
    data = files.data();
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void close() {
    files.close();
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(Configuration.class);
  }

  private Configuration<Shop> started() {
    return started(QUICK);
  }

  private Configuration<Shop> started(Reload.Pace pace) {
    return files.started(ConfigLayers.in(conf, "dev"), pace);
  }

  private List<ConfigError> failedStart() {
    Configuration<Shop> configuration = files.configuration(ConfigLayers.in(conf, "dev"), QUICK);
    CompletionException failure =
        assertThrows(CompletionException.class, () -> result(configuration.start()));
    return assertInstanceOf(ConfigException.class, failure.getCause()).errors();
  }

  private void write(String text) {
    files.write("config.yaml", text);
  }

  private void rename(String text) throws IOException {
    Path temporary = base.resolve("new.yaml");
    Files.writeString(temporary, text);
    Files.move(temporary, conf.resolve("config.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String shop(int port) {
    return "port: " + port + "\nname: shop" + port + "\n";
  }

  private static void awaitPort(Configuration<Shop> configuration, int port) {
    Await.until(
        SEEN,
        () -> "port " + port + ": " + configuration.status(),
        () -> configuration.live().get().port() == port && !configuration.status().stale());
  }

  private static void awaitStale(Configuration<Shop> configuration) {
    Await.until(SEEN, () -> "stale", () -> configuration.status().stale());
  }

  private List<String> logged(Level level) {
    return List.copyOf(log.list).stream()
        .filter(event -> event.getLevel() == level)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void startsWithoutAnyFile() {
    Configuration<Shop> configuration = started();

    assertEquals(new Shop(1, "none"), configuration.live().get());
    assertFalse(configuration.status().stale());
    assertTrue(configuration.status().revision().matches("1-[0-9a-f]{8}"));
  }

  @Test
  void isNotToBeAskedBeforeTheStart() {
    Configuration<Shop> configuration = files.configuration(ConfigLayers.in(conf, "dev"), QUICK);

    assertThrows(IllegalStateException.class, () -> configuration.live().get());
    assertThrows(IllegalStateException.class, configuration::status);
    assertThrows(CompletionException.class, () -> result(configuration.reload()));
  }

  @Test
  void aBadStartWithoutLastGoodFailsWithEveryError() throws IOException {
    write("port: x\nname: a\nname: b\n");
    files.write("config.json", "{");

    List<ConfigError> errors = failedStart();

    assertEquals(3, errors.size(), errors::toString);
    String message = new ConfigException(errors).getMessage();
    errors.forEach(error -> assertTrue(message.contains(error.toString())));
  }

  @Test
  void editsByRenameAreSeen() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    for (int i = 1001; i <= 1200; i++) {
      rename(shop(i));
      awaitPort(configuration, i);
    }
  }

  @Test
  void editsInPlaceAreSeen() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    for (int i = 1001; i <= 1200; i++) {
      write(shop(i));
      awaitPort(configuration, i);
    }
  }

  @Test
  void kubernetesSwapsAreSeen() throws IOException {
    swap(1000);
    Files.createSymbolicLink(conf.resolve("config.yaml"), Path.of("..data", "config.yaml"));
    Configuration<Shop> configuration = started();

    for (int i = 1001; i <= 1200; i++) {
      swap(i);
      awaitPort(configuration, i);
    }
  }

  /** As the kubelet does it: a new directory, and a link to it renamed over the old link. */
  private void swap(int port) throws IOException {
    Path target = Files.createDirectory(conf.resolve("..v" + port));
    Files.writeString(target.resolve("config.yaml"), shop(port));
    Path link = Files.createSymbolicLink(conf.resolve("..data_tmp"), target.getFileName());
    Files.move(link, conf.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void everyKindOfEditIsSeenAtTheRealPace() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started(Reload.Pace.NORMAL);

    for (int i = 2000; i < 2010; i += 2) {
      rename(shop(i));
      awaitPort(configuration, i);
      write(shop(i + 1));
      awaitPort(configuration, i + 1);
    }
  }

  @Test
  void editsBehindALinkAreSeenWithoutAnEvent() throws IOException {
    Path elsewhere = base.resolve("elsewhere.yaml");
    Files.writeString(elsewhere, shop(1000));
    Files.createSymbolicLink(conf.resolve("config.yaml"), elsewhere);
    Configuration<Shop> configuration = started(Reload.Pace.NORMAL);

    for (int i = 1001; i < 1004; i++) {
      Files.writeString(elsewhere, shop(i));
      awaitPort(configuration, i);
    }
  }

  @Test
  void aDirectoryDeletedAndCreatedAgainIsFollowed() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started(Reload.Pace.NORMAL);

    for (int i = 1001; i < 1004; i++) {
      Files.delete(conf.resolve("config.yaml"));
      Files.delete(conf);
      awaitStale(configuration);
      assertEquals("no file", configuration.status().errors().get(0).found());
      Files.createDirectory(conf);
      write(shop(i));
      awaitPort(configuration, i);
    }
  }

  @Test
  void aDirectoryThatIsALinkIsFollowed() throws IOException {
    write(shop(1000));
    Path second = Files.createDirectory(base.resolve("second"));
    Files.writeString(second.resolve("config.yaml"), shop(1001));
    Path link = Files.createSymbolicLink(base.resolve("link"), conf);
    Configuration<Shop> configuration =
        files.configuration(ConfigLayers.in(link, "dev"), Reload.Pace.NORMAL);
    result(configuration.start());

    Path next = Files.createSymbolicLink(base.resolve("next"), second);
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
    awaitPort(configuration, 1001);
    Files.writeString(second.resolve("config.yaml"), shop(1002));
    awaitPort(configuration, 1002);
  }

  @Test
  void aFileThatComesLaterIsSeen() throws IOException {
    Configuration<Shop> configuration = started();

    files.write("config-dev.yaml", shop(1001));

    awaitPort(configuration, 1001);
  }

  @Test
  void badEditsKeepWhatIsInForce() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();
    Shop before = configuration.live().get();
    String revision = configuration.status().revision();

    for (String bad :
        List.of(
            "",
            "# nothing\n",
            "port: x\n",
            "port: 5\nport: 6\n",
            "port: [\n",
            "- a\n",
            "port:\n",
            "name: forbidden\n",
            "name: bug\n",
            "port: 010\n")) {
      rename(bad);
      Await.until(
          SEEN,
          () -> bad + configuration.status(),
          () -> configuration.status().stale() && refusedNow(configuration, bad));
      assertSame(before, configuration.live().get());
      assertEquals(revision, configuration.status().revision());
      assertFalse(configuration.status().errors().isEmpty());
    }

    rename(shop(1000));
    Await.until(SEEN, () -> "healthy", () -> !configuration.status().stale());
    assertSame(before, configuration.live().get());
    assertEquals(revision, configuration.status().revision());
    assertEquals(List.of(), configuration.status().errors());
    assertFalse(log.list.toString().contains("hunter2"));
  }

  private static boolean refusedNow(Configuration<Shop> configuration, String bad) {
    ConfigReport report = result(configuration.dryRun("config.yaml", bad));
    return report.errors().equals(configuration.status().errors());
  }

  @Test
  void manyBadEditsBetweenGoodOnesNeverGetThrough() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    for (int i = 1001; i <= 1100; i++) {
      rename("port: bad" + i + "\n");
      write("port: 1" + "0".repeat(i % 7 + 6) + "\n");
      Shop now = configuration.live().get();
      assertEquals("shop" + now.port(), now.name());
    }
    rename(shop(1101));
    awaitPort(configuration, 1101);
  }

  @Test
  void aFileCutAnywhereIsRefusedOrASmallerValidDocument() throws IOException {
    String text =
        """
        # The shop
        port: 8000
        name: "The Shop"
        auth: {jwt_secret: a-very-long-secret-0123456789}
        routes:
          - name: users
            path: /api/users/*
            methods: [GET, POST]
          - name: products
            path: /api/products/*
        """;
    write(text);
    Configuration<Shop> configuration = started();
    Shop whole = configuration.live().get();

    for (int length = 0; length < text.length(); length++) {
      String cut = text.substring(0, length);
      write(cut);
      result(configuration.reload());

      assertTrue(configuration.live().get() != null);
      if (cut.endsWith("\n") && length > text.indexOf("port")) {
        assertFalse(configuration.status().stale() && isComplete(cut), cut);
      } else {
        assertTrue(configuration.status().stale(), cut);
        assertEquals(whole.port(), configuration.live().get().port());
      }
      write(text);
      result(configuration.reload());
      assertFalse(configuration.status().stale());
      assertEquals(whole, configuration.live().get());
    }
  }

  /** Whether a text cut at a line's end still has no key without a value. */
  private static boolean isComplete(String cut) {
    return !cut.endsWith("routes:\n");
  }

  @Test
  void aVanishedFileIsRefusedButOnlyWhileRunning() throws IOException {
    write(shop(1000));
    files.write("routes.yaml", "name: routes\n");
    Configuration<Shop> configuration = started();

    Files.delete(conf.resolve("routes.yaml"));
    awaitStale(configuration);

    assertEquals(
        conf.resolve("routes.yaml").toString(), configuration.status().errors().get(0).file());
    assertEquals("routes", configuration.live().get().name());
    result(configuration.close());
    assertFalse(started().status().stale());
  }

  @Test
  void aFileThatWasEmptiedMayBeTakenAway() throws IOException {
    write(shop(1000));
    files.write("routes.yaml", "name: routes\n");
    Configuration<Shop> configuration = started();

    files.write("routes.yaml", "{}\n");
    result(configuration.reload());
    Files.delete(conf.resolve("routes.yaml"));
    result(configuration.reload());

    assertFalse(configuration.status().stale(), () -> configuration.status().toString());
    assertEquals("shop1000", configuration.live().get().name());
  }

  @Test
  void everyBadStateIsLoggedOnceAndSoIsRecovery() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    rename("port: x\n");
    awaitStale(configuration);
    for (int i = 0; i < 5; i++) {
      result(configuration.reload());
    }
    rename("port: x\n# still\n");
    result(configuration.reload());
    rename("port: y\n");
    result(configuration.reload());
    rename(shop(1000));
    awaitPort(configuration, 1000);
    rename("port: [\n");
    awaitStale(configuration);
    rename(shop(1001));
    awaitPort(configuration, 1001);

    Await.until(SEEN, () -> "the log", () -> logged(Level.INFO).size() == 3);
    assertEquals(3, logged(Level.ERROR).size(), () -> logged(Level.ERROR).toString());
    assertTrue(logged(Level.INFO).get(1).startsWith("configuration is healthy again"));
    assertTrue(
        logged(Level.INFO).get(2).endsWith("in force and healthy again, changed: name, port"),
        () -> logged(Level.INFO).toString());
  }

  @Test
  void nothingHappensWhenTheContentIsTheSame() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();
    Shop before = configuration.live().get();
    ConfigStatus status = configuration.status();

    rename(shop(1000));
    ConfigStatus after = result(configuration.reload());

    assertSame(before, configuration.live().get());
    assertEquals(status, after);
  }

  @Test
  void restartNeededComparesWithTheStart() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    write(shop(1001));
    awaitPort(configuration, 1001);
    assertEquals(List.of("port"), configuration.status().restartNeeded());
    write(shop(1001) + "# a remark\n");
    assertEquals(List.of("port"), result(configuration.reload()).restartNeeded());
    write(shop(1000));
    awaitPort(configuration, 1000);

    assertEquals(List.of(), configuration.status().restartNeeded());
  }

  @Test
  void unknownKeysAreWarnings() throws IOException {
    write("prot: 5\nport: 1000\n");
    Configuration<Shop> configuration = started();

    assertEquals(
        List.of(
            new ConfigWarning(conf + "/config.yaml:1", "prot", "unknown key; did you mean port?")),
        configuration.status().warnings());
    assertEquals(1, logged(Level.WARN).size());
  }

  @Test
  void listenersHearOfEachChangeAndAThrowingOneStopsNobody() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();
    List<Integer> heard = new java.util.concurrent.CopyOnWriteArrayList<>();
    configuration.onChange(
        shop -> {
          throw new IllegalStateException("listener");
        });
    configuration.onChange(shop -> heard.add(shop.port()));

    for (int i = 1001; i < 1004; i++) {
      write(shop(i));
      awaitPort(configuration, i);
    }

    Await.until(SEEN, heard::toString, () -> heard.equals(List.of(1001, 1002, 1003)));
    assertEquals(3, logged(Level.ERROR).size());
  }

  @Test
  void aBadStartUsesTheLastGoodConfiguration() throws IOException {
    write(shop(1000));
    files.write("config.json", "{\"name\": \"json\"}\n");
    result(started().close());

    write("port: x\n");
    Configuration<Shop> configuration = started();

    assertEquals(new Shop(1000, "json"), configuration.live().get());
    assertTrue(configuration.status().stale());
    assertEquals("port", configuration.status().errors().get(0).path());
    assertEquals(1, logged(Level.ERROR).size());
    write(shop(1001));
    awaitPort(configuration, 1001);
  }

  @Test
  void aFileCutOffWhileStoppedIsNotStartedWith() throws IOException {
    write(shop(1000));
    result(started().close());

    write("port: 10");
    Configuration<Shop> configuration = started();

    assertEquals(1000, configuration.live().get().port());
    assertTrue(configuration.status().stale());
  }

  @Test
  void theLastGoodConfigurationIsOfOneDirectoryAndProfile() throws IOException {
    write(shop(1000));
    result(started().close());

    write("port: x\n");

    Configuration<Shop> other = files.configuration(ConfigLayers.in(conf, "prod"), QUICK);
    assertThrows(CompletionException.class, () -> result(other.start()));
  }

  @Test
  void aBadEnvironmentIsNotHelpedByLastGoodFiles() throws IOException {
    write(shop(1000));
    result(started().close());

    Configuration<Shop> bad =
        files.configuration(
            ConfigLayers.in(conf, "dev").environment(Map.of("APP_PORT", "none")), QUICK);

    assertThrows(CompletionException.class, () -> result(bad.start()));
  }

  @Test
  void theLastGoodConfigurationIsPrivateAndUndamaged() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();
    write(shop(1001));
    awaitPort(configuration, 1001);
    result(configuration.close());

    List<Path> kept;
    try (Stream<Path> all = Files.walk(data.resolve("last-good-config"))) {
      kept = all.toList();
    }
    assertEquals(7, kept.size(), kept::toString);
    for (Path path : kept) {
      assertEquals(
          Files.isDirectory(path) ? "rwx------" : "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    for (Path copy : kept.stream().filter(p -> p.endsWith("config.yaml")).toList()) {
      Files.writeString(copy, shop(1002));
    }
    write("port: x\n");
    assertEquals(1, failedStart().size());
  }

  @Test
  void aDataDirectoryThatCannotBeWrittenStopsNothing() throws IOException {
    Files.writeString(data, "a file in the way");
    write(shop(1000));
    Configuration<Shop> configuration = started();

    write(shop(1001));

    awaitPort(configuration, 1001);
    assertFalse(logged(Level.WARN).isEmpty());
  }

  @Test
  void aHalfWrittenFileIsWaitedForAtTheStart() throws Exception {
    write("port: ");
    Configuration<Shop> configuration =
        files.configuration(
            ConfigLayers.in(conf, "dev"),
            new Reload.Pace(Duration.ofMillis(5), Duration.ofMillis(300), Duration.ofSeconds(1)));

    Future<Shop> start = configuration.start();
    write(shop(1000));

    assertEquals(1000, result(start).port());
  }

  @Test
  void dryRunsAndChecksChangeNothing() throws IOException {
    write("port: 1000\nauth: {jwt_secret: hunter2}\n");
    Configuration<Shop> configuration = files.configuration(ConfigLayers.in(conf, "dev"), QUICK);

    ConfigReport check = result(configuration.check());
    assertTrue(check.valid());
    assertEquals("***", check.effective().getJsonObject("auth").getString("jwt_secret"));
    assertEquals(List.of(), check.changed());

    result(configuration.start());
    ConfigReport good = result(configuration.dryRun("config.yaml", "port: 1001\nname: x\n"));
    assertEquals(List.of("auth.jwt_secret", "name", "port"), good.changed());
    assertEquals(List.of("port"), good.restartNeeded());
    ConfigReport bad = result(configuration.dryRun("config.yaml", "port: x\n"));
    assertFalse(bad.valid());
    assertEquals(List.of(), bad.restartNeeded());
    assertThrows(
        CompletionException.class, () -> result(configuration.dryRun("../x.yaml", "a: b\n")));
    assertEquals(1000, configuration.live().get().port());
    assertFalse(configuration.status().stale());
  }

  @Test
  void environmentVariablesOfKeysThatOnlyTheProgramKnowsAreFound() {
    Configuration<Shop> configuration =
        files.configuration(
            ConfigLayers.in(conf, "dev").environment(Map.of("APP_AUTH_JWT_SECRET", "hunter2")),
            QUICK);

    ConfigReport report = result(configuration.check());

    assertEquals(List.of(), report.warnings());
    assertEquals("***", report.effective().getJsonObject("auth").getString("jwt_secret"));
  }

  @Test
  void closingEndsIt() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    result(configuration.close());
    result(configuration.close());

    assertEquals(1000, configuration.live().get().port());
    assertThrows(CompletionException.class, () -> result(configuration.reload()));
  }

  @Test
  void concurrentReloadsAgree() throws IOException {
    write(shop(1000));
    Configuration<Shop> configuration = started();

    write(shop(1001));
    List<Future<ConfigStatus>> reloads = Stream.generate(configuration::reload).limit(20).toList();

    for (Future<ConfigStatus> reload : reloads) {
      assertNotEquals("1", result(reload).revision().substring(0, 1));
    }
    assertTrue(configuration.status().revision().startsWith("2-"));
  }
}
