package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigReader;
import dev.stoa.config.ConfigStore;
import dev.stoa.registries.ConsulAgent;
import dev.stoa.registries.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against a real Consul agent that lets nobody in: every call needs a token, a call over TLS the
 * certificate of a client besides. The agent is of datacenter {@code north}.
 */
@ExtendWith(VertxExtension.class)
class ConsulSecuredIT {
  /** As the README names it: all that is needed. */
  private static final String POLICY =
      "service_prefix \"\" { policy = \"write\" }\nnode_prefix \"\" { policy = \"read\" }";

  private static final SelfSignedCertificate CERTIFICATE =
      SelfSignedCertificate.create("localhost");
  private static final int TLS_PORT = FreePorts.one();
  private static ConsulAgent consul;
  private static String management;

  @TempDir Path home;
  private Vertx vertx;
  private Discoveries parts;

  @BeforeAll
  static void startConsul() {
    consul =
        ConsulAgent.configured(
            new JsonObject()
                .put("datacenter", "north")
                .put("primary_datacenter", "north")
                .put("acl", new JsonObject().put("enabled", true).put("default_policy", "deny"))
                .put("ports", new JsonObject().put("https", TLS_PORT))
                .put("ca_file", CERTIFICATE.certificatePath())
                .put("cert_file", CERTIFICATE.certificatePath())
                .put("key_file", CERTIFICATE.privateKeyPath())
                .put("verify_incoming_https", true)
                .encode());
    management = consul.bootstrap();
  }

  @AfterAll
  static void endConsul() {
    if (consul != null) {
      consul.close();
    }
    CERTIFICATE.delete();
  }

  @BeforeEach
  void open(Vertx given) {
    vertx = given;
    parts = new Discoveries(vertx, home);
  }

  @AfterEach
  void close() {
    parts.close();
  }

  @Test
  void aTokenThatMayNoMoreThanIsNeededIsEnough() {
    String token = token();
    for (String mode : List.of("blocking-query", "bridge")) {
      JsonObject config = plain().put("token", token).put("import", mode);
      Discovery here = open("here-" + mode, config);
      Discovery there = open("there-" + mode, config);
      ServiceInstance instance = parts.service.instance().withTags(Set.of("http-endpoint"));

      Waiting.on(here.register(instance));
      parts.await(there, instance);
      Waiting.on(here.deregister(instance.id()));
      Waiting.until(there::catalog, () -> parts.stale(there) == 1 || isGone(there));
    }
  }

  private boolean isGone(Discovery discovery) {
    return discovery.catalog().instances(parts.name).isEmpty();
  }

  @Test
  void speaksTlsAndShowsItsOwnCertificate() {
    JsonObject config = encrypted(tls()).put("token", management);
    Discovery here = open("here", config);
    Discovery there = open("there", config);
    ServiceInstance instance = parts.service.instance().withTags(Set.of("http-endpoint"));

    Waiting.on(here.register(instance));

    parts.await(there, instance);
    Waiting.on(here.deregister(instance.id()));
    parts.await(there);
  }

  @Test
  void whoIsNotTrustedIsNotSpokenTo() {
    JsonObject noClient = tls();
    noClient.remove("cert");
    noClient.remove("key");
    JsonObject stranger = tls();
    stranger.remove("ca");
    JsonObject unverified = tls();

    assertAway("certificate", encrypted(noClient));
    assertAway("unable to find valid certification path", encrypted(stranger));
    // The certificate is that of localhost.
    assertAway("subject alternative name", encrypted(tls()).put("host", "127.0.0.1"));
    Discovery careless =
        open("careless", encrypted(unverified.put("verify_host", false)).put("host", "127.0.0.1"));
    Waiting.until(careless::status, () -> Discoveries.answers(careless));
  }

  @Test
  void withoutATokenNothingIsSeenAndTheLogSaysWhy() {
    try (CaughtLog names = new CaughtLog(ConsulNames.class);
        CaughtLog registrations = new CaughtLog(ConsulRegistrations.class)) {
      Discovery discovery = open("here", plain());
      Waiting.on(discovery.register(parts.service.instance()));

      Waiting.until(names::lines, () -> names.lines().toString().contains("not even its own"));
      Waiting.until(
          registrations::lines,
          () -> registrations.lines().toString().contains("Permission denied"));
      parts.await(discovery, parts.service.instance());
      assertEquals(1, names.lines().size(), names.lines()::toString);
    }
  }

  @Test
  void aTokenThatIsTakenAwayLeavesWhatWasKnownUntilThereIsAnother() {
    String token = token();
    Discovery here = open("here", plain().put("token", management));
    Discovery there = open("there", plain().put("token", token));
    Waiting.on(here.register(parts.service.instance()));
    Waiting.until(there::status, () -> there.catalog().instances(parts.name).size() == 1);

    String accessor =
        ask(HttpMethod.GET, "/v1/acl/token/self", token, new JsonObject()).getString("AccessorID");
    ask(HttpMethod.DELETE, "/v1/acl/token/" + accessor, management, null);

    Waiting.until(there::status, () -> !Discoveries.answers(there));
    String failure = there.status().registries().get(0).failure();
    assertTrue(failure.contains("ACL not found"), failure);
    assertFalse(failure.contains(token), failure);
    assertEquals(1, parts.stale(there));
    Waiting.on(there.configure(config(plain().put("token", token()))));
    Waiting.until(there::status, () -> parts.stale(there) == 0 && Discoveries.answers(there));
    assertEquals(1, there.catalog().instances(parts.name).size());
  }

  @Test
  void keysOfTheConfigurationAreReadByATokenThatMayAndByNobodyElse() {
    String key = "config/" + parts.name + "/currency";
    ask(HttpMethod.PUT, "/v1/kv/" + key, management, new JsonObject().put("a", 1));
    String mayRead = token("key_prefix \"config/\" { policy = \"read\" }");
    String mayNot = token(POLICY);

    List<Object> encrypted = heard(encrypted(tls()).put("token", mayRead));
    List<Object> blind = heard(plain().put("token", mayNot));
    List<Object> unknown = heard(plain().put("token", "11111111-2222-3333-4444-555555555555"));

    assertEquals(List.of(Map.of("currency", Buffer.buffer("{\"a\":1}"))), encrypted);
    assertEquals(List.of(Map.of()), blind, "Consul says nothing of what may not be read");
    assertTrue(unknown.get(0).toString().contains("ACL not found"), unknown::toString);
  }

  /** The first that is heard of the keys of this test: values, or a reason why there are none. */
  private List<Object> heard(JsonObject consulConfig) {
    List<Object> heard = new CopyOnWriteArrayList<>();
    ConfigStore.Listener listener =
        new ConfigStore.Listener() {
          @Override
          public void answered(Map<String, Buffer> values, boolean restarted) {
            heard.add(values);
          }

          @Override
          public void failed(String reason) {
            heard.add(reason);
          }
        };
    JsonObject keys = new JsonObject().put("enabled", true).put("prefix", "config/" + parts.name);
    ConfigReader root =
        ConfigReader.of(
            new JsonObject()
                .put("config", new JsonObject().put("consul", keys))
                .put("discovery", new JsonObject().put("consul", consulConfig)));
    ConfigStore.Watch watch = new ConsulKeys(vertx).place(root).orElseThrow().watch(listener);
    Waiting.until(heard::toString, () -> !heard.isEmpty());
    Waiting.on(watch.close());
    return heard;
  }

  @Test
  void asksForTheDatacenterThatIsNamed() {
    JsonObject config = plain().put("token", management);
    for (String mode : List.of("blocking-query", "bridge")) {
      Discovery north = open("north", config.copy().put("datacenter", "north").put("import", mode));
      Discovery west = open("west", config.copy().put("datacenter", "west").put("import", mode));

      Waiting.until(north::status, () -> Discoveries.answers(north));
      assertFalse(Discoveries.answers(west));
      String failure = west.status().registries().get(0).failure();
      assertTrue(failure.contains("No path to datacenter"), failure);
    }
  }

  @Test
  void whatCannotBeFollowedIsNamedBeforehand() {
    ConfigReader reader =
        ConfigReader.of(
            new JsonObject()
                .put(
                    "tls",
                    new JsonObject().put("enabled", true).put("ca", "none.pem").put("key", "none"))
                .put("import", "bridge"));

    ConsulConfig.from(reader);

    assertEquals(
        List.of("import", "tls.ca", "tls.cert", "tls.key"),
        reader.errors().stream().map(ConfigError::path).sorted().toList());
  }

  private void assertAway(String reason, JsonObject consulConfig) {
    Discovery discovery = open("away", consulConfig.put("token", management));

    // It may take longer to say so than the start waits.
    Waiting.until(
        discovery::status,
        () -> !discovery.status().registries().get(0).failure().equals("not asked yet"));
    assertFalse(Discoveries.answers(discovery));
    String failure = discovery.status().registries().get(0).failure();
    assertTrue(failure.contains(reason), failure);
    Waiting.on(discovery.register(parts.service.instance()));
    assertEquals(List.of(parts.service.instance()), discovery.catalog().instances(parts.name));
  }

  private Discovery open(String folder, JsonObject consulConfig) {
    return parts.open(folder, config(consulConfig));
  }

  private static DiscoveryConfig config(JsonObject consulConfig) {
    return Discoveries.config(new JsonObject().put("type", "consul").put("consul", consulConfig));
  }

  private static JsonObject plain() {
    return new JsonObject()
        .put("host", "127.0.0.1")
        .put("port", consul.port())
        .put("wait", "1s")
        .put("reregister_interval", "1s")
        .put("check", new JsonObject().put("interval", "1s").put("timeout", "1s"));
  }

  private static JsonObject encrypted(JsonObject tls) {
    return plain().put("host", "localhost").put("port", TLS_PORT).put("tls", tls);
  }

  private static JsonObject tls() {
    return new JsonObject()
        .put("enabled", true)
        .put("ca", CERTIFICATE.certificatePath())
        .put("cert", CERTIFICATE.certificatePath())
        .put("key", CERTIFICATE.privateKeyPath());
  }

  /** A new token with the rights of the README. */
  private String token() {
    return token(POLICY);
  }

  private String token(String rules) {
    String policy = "stoa-" + System.nanoTime();
    ask(
        HttpMethod.PUT,
        "/v1/acl/policy",
        management,
        new JsonObject().put("Name", policy).put("Rules", rules));
    JsonArray policies = new JsonArray().add(new JsonObject().put("Name", policy));
    return ask(
            HttpMethod.PUT, "/v1/acl/token", management, new JsonObject().put("Policies", policies))
        .getString("SecretID");
  }

  private JsonObject ask(HttpMethod method, String path, String token, JsonObject body) {
    var request =
        parts
            .client
            .request(method, consul.port(), "127.0.0.1", path)
            .putHeader("X-Consul-Token", token);
    var answer = Waiting.on(body == null ? request.send() : request.sendJsonObject(body));
    assertEquals(200, answer.statusCode(), answer::bodyAsString);
    return answer.bodyAsString().startsWith("{") ? answer.bodyAsJsonObject() : new JsonObject();
  }
}
