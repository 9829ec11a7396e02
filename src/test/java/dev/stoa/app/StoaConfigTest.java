package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigLayers;
import dev.stoa.config.ConfigReport;
import dev.stoa.config.Configuration;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoaConfigTest {
  private static final String STRONG = "q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA";
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir Path conf;
  @TempDir Path data;

  @AfterAll
  static void close() {
    VERTX.close();
  }

  @Test
  void theDefaultsAreValidInDevelopment() throws Exception {
    ConfigReport report = check(Profile.DEV, Map.of());

    assertEquals(List.of(), report.errors());
    assertEquals(List.of(), report.warnings());
  }

  @Test
  void theDefaultsFileSaysWhatTheCodeWouldDoWithoutIt() throws Exception {
    StoaConfig said = start(layers(Profile.DEV, Map.of()), Profile.DEV);
    Path routesOnly = conf.resolve("routes.yaml");
    String defaults =
        new String(StoaConfigTest.class.getResourceAsStream("/stoa-defaults.yaml").readAllBytes());
    Files.writeString(routesOnly, defaults.substring(defaults.indexOf("routes:\n")));

    StoaConfig unsaid = start(ConfigLayers.in(conf, "dev"), Profile.DEV);

    assertEquals(unsaid.services(), said.services());
    assertEquals(unsaid.cluster(), said.cluster());
    assertEquals(unsaid.auth(), said.auth());
    assertEquals(unsaid.upstreams(), said.upstreams());
    assertEquals(unsaid.users(), said.users());
    assertEquals(unsaid.products(), said.products());
    assertEquals(unsaid.orders(), said.orders());
    assertEquals(unsaid.payments(), said.payments());
    assertEquals(unsaid.log(), said.log());
    assertEquals(unsaid.gateway().limits(), said.gateway().limits());
    assertEquals(unsaid.gateway().maxBody(), said.gateway().maxBody());
    assertEquals(unsaid.gateway().drainTimeout(), said.gateway().drainTimeout());
    assertEquals(unsaid.gateway().idleTimeout(), said.gateway().idleTimeout());
    assertEquals(unsaid.gateway().port(), said.gateway().port());
  }

  @Test
  void theFilesOfTheRepositoryAreValid() throws Exception {
    ConfigLayers shipped = ConfigLayers.in(Path.of("conf"), "dev").defaults("/stoa-defaults.yaml");

    ConfigReport report = await(configuration(shipped, Profile.DEV).check());

    assertEquals(List.of(), report.errors());
    assertEquals(List.of(), report.warnings());
  }

  @ParameterizedTest
  @CsvSource({
    "auth.jwt_secret, short",
    "auth.jwt_secret, your-secret-key-your-secret-key-your-secret-key",
    "database, mysql://localhost/stoa",
    "database.port, 0",
    "discovery.type, zookeeper",
    "discovery.type, 'local,consul'",
    "discovery.type, 'consul,consul'",
    "discovery.type, cluster",
    "cluster.host, 0.0.0.0",
    "cluster.host, some/where",
    "cluster.host, stoa-1:5701",
    "cluster.dns, stoa-members:5701",
    "cluster.port, 0",
    "cluster.members, 10.0.0.7",
    "discovery.consul.port, 0",
    "discovery.consul.import, guess",
    "discovery.consul.check.deregister_after, 5s",
    "discovery.eureka.url, not a url",
    "discovery.eureka.lease_duration, 10s",
    "discovery.static.services.user-service, ftp://host",
    "orders.hold, 1d",
    "gateway.port, 70000",
    "service.log_level, loud",
    "auth.token_expiry, 0",
    "services.user-service.transport, pigeon",
    "payments.success_rate, 2",
    "currency, dollars",
    "data.dir, elsewhere"
  })
  void namesTheKeyThatIsWrong(String key, String value) throws Exception {
    Map<String, String> values = new TreeMap<>(Map.of("auth.jwt_secret", STRONG));
    values.put(key, value);

    ConfigReport report = check(Profile.PROD, values);

    assertEquals(List.of(key), report.errors().stream().map(ConfigError::path).distinct().toList());
    assertFalse(report.errors().toString().contains("your-secret"));
  }

  @Test
  void whoListensOnAllAddressesTellsOthersWhichOneToUse() throws Exception {
    Map<String, String> values = new TreeMap<>(Map.of("auth.jwt_secret", STRONG));
    values.put("services.user-service.host", "0.0.0.0");
    assertTrue(check(Profile.PROD, values).valid());

    values.put("discovery.type", "consul,eureka");
    List<ConfigError> errors = check(Profile.PROD, values).errors();
    assertEquals("services.user-service.advertised_host", errors.get(0).path());

    values.put("discovery.advertised_host", "10.0.0.7");
    assertTrue(check(Profile.PROD, values).valid());
  }

  @Test
  void onlyDevelopmentForgivesAWeakSecretAndANoneAtAll() throws Exception {
    ConfigReport missing = check(Profile.PROD, Map.of());
    ConfigReport weakInTest = check(Profile.TEST, Map.of("auth.jwt_secret", "short"));
    ConfigReport weakInDev = check(Profile.DEV, Map.of("auth.jwt_secret", "short"));

    assertEquals("auth.jwt_secret", missing.errors().get(0).path());
    assertEquals("auth.jwt_secret", weakInTest.errors().get(0).path());
    assertTrue(weakInDev.valid());
    assertEquals(1, weakInDev.warnings().size());
    assertEquals("***", weakInDev.effective().getJsonObject("auth").getString("jwt_secret"));
  }

  @Test
  void tellsWhatNeedsARestart() throws Exception {
    StoaConfig before = start(layers(Profile.DEV, Map.of()), Profile.DEV);
    StoaConfig after =
        start(
            layers(
                Profile.DEV,
                Map.of(
                    "gateway.port",
                    "9000",
                    "services.order-service.port",
                    "9083",
                    "currency",
                    "EUR")),
            Profile.DEV);

    assertEquals(List.of(), StoaConfig.restartNeeded(before, before));
    assertEquals(
        List.of("services.order-service.port", "gateway.port"),
        StoaConfig.restartNeeded(before, after));
  }

  private ConfigReport check(Profile profile, Map<String, String> values) throws Exception {
    return await(configuration(layers(profile, values), profile).check());
  }

  private StoaConfig start(ConfigLayers layers, Profile profile) throws Exception {
    Configuration<StoaConfig> configuration = configuration(layers, profile);
    StoaConfig config = await(configuration.start());
    await(configuration.close());
    return config;
  }

  private ConfigLayers layers(Profile profile, Map<String, String> values) {
    return ConfigLayers.in(conf, profile.toString())
        .defaults("/stoa-defaults.yaml")
        .commandLine(values);
  }

  private Configuration<StoaConfig> configuration(ConfigLayers layers, Profile profile) {
    Optional<String> fallback = profile.lenient() ? Optional.of(STRONG) : Optional.empty();
    return new Configuration<>(
        VERTX,
        layers,
        data,
        new Configuration.Meaning<>(
            root -> StoaConfig.from(root, profile, data, fallback, false),
            StoaConfig::restartNeeded,
            StoaConfig::isOfOneNode));
  }

  private static <T> T await(io.vertx.core.Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
