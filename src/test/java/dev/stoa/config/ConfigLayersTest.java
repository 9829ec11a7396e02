package dev.stoa.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigLayersTest {
  private static Vertx vertx;
  @TempDir private Path conf;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(conf.resolve(name), text);
  }

  private ConfigLayers layers() {
    return ConfigLayers.in(conf, "test").defaults("/dev/stoa/config/test-defaults.yaml");
  }

  private TreeReader good(ConfigLayers layers) {
    return good(layers, Set.of());
  }

  private TreeReader good(ConfigLayers layers, Set<String> readKeys) {
    Merged merged = Merged.of(vertx, layers, readKeys);
    assertEquals(List.of(), merged.errors());
    return merged.reader();
  }

  private TreeReader environment(String name, String value) {
    return good(layers().environment(Map.of(name, value)));
  }

  private static Properties properties(String name, String value) {
    Properties properties = new Properties();
    properties.setProperty(name, value);
    return properties;
  }

  @Test
  void aFileMayWriteItsKeysWithDotsAndLaterLayersStillWin() throws IOException {
    write("config.yaml", "server.port: 1\nserver: {host: a}\nserver.limits: {rate: 5}\n");
    write("config.json", "{\"server\": {\"limits\": {\"burst\": 6}}}");

    TreeReader files = good(layers());
    TreeReader all = good(layers().commandLine(Map.of("server.port", "2")));

    assertEquals(1, files.integer("server.port", 0, 0, 9));
    assertEquals("a", files.string("server.host", ""));
    assertEquals(5, files.integer("server.limits.rate", 0, 0, 9));
    assertEquals(6, files.integer("server.limits.burst", 0, 0, 9));
    assertEquals(2, all.integer("server.port", 0, 0, 9));
    assertEquals(Set.of("host", "limits", "port"), Set.copyOf(all.section("server").keys()));
  }

  @Test
  void aKeyWrittenInBothWaysIsAnError() throws IOException {
    write("config.yaml", "server: {port: 1}\nserver.port: 2\n");

    List<String> errors = Merged.of(vertx, layers(), Set.of()).errors();

    assertEquals(1, errors.size());
    String expected =
        "config.yaml:2: server.port: expected one value for this key, found another in ";
    assertTrue(errors.get(0).contains(expected), errors::toString);
  }

  @Test
  void everyLayerWinsOverTheOneBefore() throws IOException {
    ConfigLayers layers = layers();
    assertEquals("default", good(layers).string("name", ""));

    write("config.yaml", "name: yaml\n");
    assertEquals("yaml", good(layers).string("name", ""));

    write("config.json", "{\"name\": \"json\"}");
    assertEquals("json", good(layers).string("name", ""));

    write("routes.yaml", "name: routes\n");
    assertEquals("routes", good(layers).string("name", ""));

    write("config-test.yaml", "name: profile\n");
    write("config-prod.yaml", "name: other profile\n");
    assertEquals("profile", good(layers).string("name", ""));

    layers = layers.environment(Map.of("APP_NAME", "environment", "NAME", "other"));
    assertEquals("environment", good(layers).string("name", ""));

    layers = layers.systemProperties(properties("stoa.name", "property"));
    assertEquals("property", good(layers).string("name", ""));

    layers = layers.commandLine(Map.of("name", "line"));
    assertEquals("line", good(layers).string("name", ""));
  }

  @Test
  void mappingsMergeDeeplyAndListsAreReplaced() throws IOException {
    write("config.yaml", "database: {host: db}\ntags: [x]\n");

    TreeReader reader = good(layers());

    assertEquals("db", reader.string("database.host", ""));
    assertEquals(5432, reader.integer("database.port", 0, 0, 65535));
    assertEquals(List.of("x"), reader.strings("tags", List.of()));
  }

  @Test
  void noFileHasToExist() {
    assertEquals(8000, good(layers()).integer("port", 0, 0, 65535));
    assertEquals(Set.of(), good(ConfigLayers.in(conf.resolve("absent"), "dev")).keys());
  }

  @Test
  void eachErrorNamesItsLayer() throws IOException {
    write("config.yaml", "a: x\nb: x\n");
    write("config.json", "{\"c\":\n \"x\"}");
    write("config-test.yaml", "b: y\n");
    Merged merged =
        Merged.of(
            vertx,
            layers()
                .environment(Map.of("APP_D", "x"))
                .systemProperties(properties("stoa.e", "x"))
                .commandLine(Map.of("f", "x")));

    for (String path : List.of("a", "b", "c", "d", "e", "f", "name")) {
      merged.reader().integer(path, 0, 0, 1);
    }

    assertEquals(
        List.of(
            conf + "/config.yaml:1",
            conf + "/config-test.yaml:1",
            conf + "/config.json:2",
            "environment APP_D",
            "-Dstoa.e",
            "command line f",
            "defaults:2"),
        merged.findings().errors().stream().map(ConfigError::file).toList());
  }

  @Test
  void errorsOfAllFilesAreCollectedTogether() throws IOException {
    write("config.yaml", "a:\nport: x\n");
    write("config.json", "{\"b\": 1, \"b\": 2}");
    write("routes.yaml", "");
    Merged merged = Merged.of(vertx, layers());

    merged.reader().integer("port", 0, 0, 9);
    merged.reader().error("routes", "at least one");
    merged.reader().string("a", "");

    assertEquals(
        List.of(
            conf + "/config.yaml:1: a: expected a value, found nothing (null)",
            conf + "/config.json:1: b: expected each key once, found it again (first on line 1)",
            conf + "/routes.yaml: expected a mapping, found nothing but space or comments",
            conf + "/config.yaml:2: port: expected a whole number from 0 to 9, found \"x\""),
        merged.errors(),
        "what follows from an unreadable file or value is not reported again");
  }

  @ParameterizedTest
  @CsvSource({
    "APP_DATABASE_HOST, database.host",
    "APP_RATE__LIMITING_DEFAULT__LIMIT, rate_limiting.default_limit",
    "APP_RATE_LIMITING_DEFAULT_LIMIT, rate_limiting.default_limit",
    "APP_RATE__LIMITING_DEFAULT_LIMIT, rate_limiting.default_limit",
    "APP_AUTH_TOKEN_EXPIRY, auth.token_expiry",
    "APP_AUTH_JWT_SECRET, auth.jwt_secret",
    "APP_SERVICES_USER_SERVICE_TRANSPORT, services.user-service.transport",
    "APP_NEW_KEY, new.key",
    "APP_NEW__KEY, new_key",
    "APP_DATABASE__HOST, database_host"
  })
  void environmentNamesBecomePaths(String name, String path) {
    TreeReader reader =
        good(layers().environment(Map.of(name, "value")), Set.of("auth.jwt_secret"));

    assertEquals(Optional.of("value"), reader.string(path));
  }

  @Test
  void anAmbiguousEnvironmentNameIsAnError() {
    Set<String> keys = Set.of("x.y_z", "x_y.z", "x.y");

    Merged merged = Merged.of(vertx, layers().environment(Map.of("APP_X_Y_Z", "1")), keys);

    assertEquals(
        List.of(
            "environment APP_X_Y_Z: expected a name for one key (__ is a literal underscore),"
                + " found any of [x.y_z, x_y.z]"),
        merged.errors());
    assertEquals(
        Optional.of("1"),
        good(layers().environment(Map.of("APP_X_Y__Z", "1")), keys).string("x.y_z"));
    assertEquals(
        Optional.of("1"), good(layers().environment(Map.of("APP_X_Y", "1")), keys).string("x.y"));
  }

  @Test
  void contradictionsInOneLayerAreErrors() {
    Map<String, String> twice = Map.of("APP_AUTH_TOKEN_EXPIRY", "1", "APP_AUTH_TOKEN__EXPIRY", "2");
    Map<String, String> below = Map.of("APP_A", "1", "APP_A_B", "2");

    assertEquals(1, Merged.of(vertx, layers().environment(twice)).errors().size());
    assertEquals(
        List.of(
            "environment APP_A_B: a.b: expected one value for this key, found another in environment APP_A"),
        Merged.of(vertx, layers().environment(below)).errors());
    assertEquals(
        1, Merged.of(vertx, layers().commandLine(Map.of("a", "1", "a.b", "2"))).errors().size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"APP_", "APP__", "APP_A_", "APP__A", "APP_A____B"})
  void oddEnvironmentNamesNeverCrash(String name) {
    Merged.of(vertx, layers().environment(Map.of(name, "1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "routes[0].path"})
  void oddKeysOnTheCommandLineAreErrors(String key) {
    assertEquals(1, Merged.of(vertx, layers().commandLine(Map.of(key, "1"))).errors().size());
  }

  @Test
  void theProfileIsNoKey() {
    assertEquals(false, environment("APP_PROFILE", "prod").has("profile"));
  }

  @Test
  void environmentValuesAreReadAsWhatTheyLookLike() {
    assertEquals(Optional.of(5), environment("APP_K", "5").value("k"));
    assertEquals(Optional.of(-1.5), environment("APP_K", "-1.5").value("k"));
    assertEquals(Optional.of(true), environment("APP_K", "true").value("k"));
    assertEquals(Optional.of("007"), environment("APP_K", "007").value("k"));
    assertEquals(Optional.of("1,2"), environment("APP_K", "1,2").value("k"));
    assertEquals(Optional.of("yes"), environment("APP_K", "yes").value("k"));
    assertEquals(Optional.of(""), environment("APP_K", "").value("k"));
    assertEquals(Optional.of("null"), environment("APP_K", "null").value("k"));
    assertEquals(Optional.of("5"), environment("APP_K", "\"5\"").value("k"));
    assertEquals(Optional.of("{not json"), environment("APP_K", "{not json").value("k"));
    assertEquals(Optional.of("+5"), environment("APP_K", "+5").value("k"));
    assertEquals(Optional.of("1 000"), environment("APP_K", "1 000").value("k"));
    assertEquals(List.of("a", "b"), environment("APP_K", "[\"a\",\"b\"]").strings("k", List.of()));
    assertEquals(
        "db", environment("APP_DATABASE", "{\"host\":\"db\"}").string("database.host", ""));
    assertEquals(
        5432,
        environment("APP_DATABASE", "{\"host\":\"db\"}").integer("database.port", 0, 0, 9999));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"12345678", "1.10", "true", "[1]", "{\"a\":1}", "007", "1e5", "{x", "a b"})
  void textFromUntypedLayersIsTakenAsWritten(String password) {
    assertEquals(
        password, environment("APP_DATABASE_PASSWORD", password).string("database.password", ""));
    assertEquals(
        password,
        good(layers().systemProperties(properties("stoa.database.password", password)))
            .string("database.password", ""));
    assertEquals(
        password,
        good(layers().commandLine(Map.of("database.password", password)))
            .string("database.password", ""));
  }

  @Test
  void valuesInsideJsonFromTheEnvironmentKeepTheirTypes() {
    Merged merged = Merged.of(vertx, layers().environment(Map.of("APP_K", "{\"a\": 1}")));

    assertEquals("d", merged.reader().string("k.a", "d"));

    assertEquals(1, merged.findings().errors().size());
  }

  @Test
  void aMappingAboveAnEnvironmentVariableIsNoText() {
    Merged merged = Merged.of(vertx, layers().environment(Map.of("APP_X_Y", "1")));

    assertEquals(Optional.empty(), merged.reader().string("x"));

    assertEquals(1, merged.findings().errors().size());
  }

  @Test
  void hugeFilesAndOddFilesAreErrors() throws IOException {
    write("config.yaml", "a: " + "x".repeat(FileSet.MAX_BYTES) + "\n");
    Files.createDirectory(conf.resolve("config.json"));
    Files.createSymbolicLink(conf.resolve("routes.yaml"), conf.resolve("nowhere"));

    List<ConfigError> errors = layers().readFiles().errors();

    assertEquals(
        List.of("more", "something else", "a link to nothing"),
        errors.stream().map(ConfigError::found).toList());
  }

  @Test
  void aProfileIsAName() {
    assertThrows(IllegalArgumentException.class, () -> ConfigLayers.in(conf, "../x"));
    assertThrows(IllegalArgumentException.class, () -> ConfigLayers.in(conf, ""));
    assertThrows(
        IllegalArgumentException.class, () -> ConfigLayers.in(conf, "dev").defaults("/absent"));
  }

  @ParameterizedTest
  @CsvSource({"port,port,0", "prot,port,1", "prt,port,1", "a,b,1", "abc,,3", "kitten,sitting,3"})
  void countsTypingErrors(String a, String b, int distance) {
    assertEquals(distance, Spelling.distance(a, b == null ? "" : b));
  }

  @Test
  void unreadKeysAreFoundOnceEachAtTheTop() throws IOException {
    write(
        "config.yaml",
        """
        port: 1
        rate_limitng: {default_limit: 1, burst_limit: 2}
        auth: {token_expiry: 5}
        free: {any: {thing: 1}}
        routes: [{name: a, pth: /x}]
        odd: 1
        """);
    Merged merged = Merged.of(vertx, layers());
    Reads reads = new Reads();
    TreeReader reader = new TreeReader(merged.tree(), reads, new Findings());

    reader.integer("port", 0, 0, 9);
    reader.section("rate_limiting").string("default_limit", "");
    reader.section("auth").has("token_expir");
    reader.value("free");
    for (ConfigReader route : reader.sections("routes")) {
      route.string("name");
      route.has("path");
    }

    assertEquals(
        List.of("auth.token_expiry", "odd", "rate_limitng", "routes[0].pth"),
        reads.unread(merged.tree()).stream().sorted().toList());
    assertEquals(Optional.of("rate_limiting"), reads.similar("rate_limitng"));
    assertEquals(Optional.of("token_expir"), reads.similar("auth.token_expiry"));
    assertEquals(Optional.of("path"), reads.similar("routes[0].pth"));
    assertEquals(Optional.empty(), reads.similar("odd"));
    assertTrue(reads.unread(Node.Mapping.EMPTY).isEmpty());
  }
}
