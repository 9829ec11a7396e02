package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A gateway that is itself what there is too little of: the jar on one core, with one event loop, a
 * load that does not wait on the other core. Each request brings a token that was not seen lately,
 * so there is a signature with ES256 to verify, which makes it dear. First what the gateway can do,
 * then ten times that, then 8/10. A good answer is a 200 within two seconds. The clients, each with
 * one request under way at most, stay away for as long as they are told to.
 *
 * <p>Requests that cost next to nothing are not measured here: a load of ten times what one core
 * can do then is more than the other core can send.
 *
 * <p>{@code mvn -B -Pbench verify -Dit.test=GatewayOverloadBench}; {@code -Dbench.connections=4000}
 */
class GatewayOverloadBench {
  private static final int SECONDS = Integer.getInteger("bench.seconds", 10);
  private static final int CONNECTIONS = Integer.getInteger("bench.connections", 640);
  private static final int WARM_UP_SECONDS = 15;

  /** More than the gateway remembers. */
  private static final int TOKENS = 25_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void goodputOfTheGatewayUnderTenTimesItsLoad(boolean sheds) throws Exception {
    pin(ProcessHandle.current().pid(), 1);
    KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = keys.generateKeyPair();
    Vertx vertx = Vertx.vertx();
    HttpServer upstream =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("done"))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    int port = Ports.free().gateway();
    configure(sheds, port, upstream.actualPort(), pair);
    Process gateway = start(port);
    try {
      measure(sheds, port, tokens(pair));
    } finally {
      gateway.destroyForcibly().waitFor();
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  private static void measure(boolean sheds, int port, List<String> tokens) throws Exception {
    OpenLoad.Phase peak;
    try (OpenLoad closed = new OpenLoad(port, tokens, 64)) {
      closed.run(1e6, WARM_UP_SECONDS);
      peak = closed.run(1e6, SECONDS);
    }
    OpenLoad.Phase over;
    OpenLoad.Phase after;
    try (OpenLoad open = new OpenLoad(port, tokens, CONNECTIONS)) {
      over = open.run(10 * peak.goodPerSecond(), SECONDS);
      after = open.run(0.8 * peak.goodPerSecond(), 15);
    }
    String title = sheds ? "shedding" : "not shedding";
    double kept = over.goodPerSecond() / peak.goodPerSecond();
    System.out.printf("%s, peak:      %s%n", title, peak);
    System.out.printf("%s, ten times: %s, %.0f %% of the peak%n", title, over, 100 * kept);
    System.out.printf(
        "%s, 8/10:      %s, well from second %d on%n", title, after, after.secondsUntilWell());
    if (sheds) {
      assertTrue(kept >= 0.8, "of the peak: " + kept);
      assertTrue(after.secondsUntilWell() <= 10, "recovery");
      assertEquals(0, over.rude, "refused without Retry-After");
      assertTrue(Set.of(200, 503).containsAll(over.statuses.keySet()), over.toString());
    }
  }

  private void configure(boolean sheds, int port, int upstream, KeyPair pair)
      throws Exception {
    Files.writeString(
        folder.resolve("config.yaml"),
        """
        gateway:
          port: %d
          max_connections_per_client: 0
          overload: {enabled: %s}
        management: {port: 0}
        auth:
          keys:
            - {kid: bench, algorithm: ES256, public_key: "%s", private_key: "%s"}
        """
            .formatted(
                port,
                sheds,
                pem("PUBLIC KEY", pair.getPublic().getEncoded()),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded())));
    Files.writeString(
        folder.resolve("routes.yaml"),
        """
        routes:
          - name: work
            path: /work
            target: http://127.0.0.1:%d
            auth: required
            rate_limit: none
            strip_prefix: false
        """
            .formatted(upstream));
  }

  private Process start(int port) throws Exception {
    Process process =
        new ProcessBuilder(
                "taskset",
                "-c",
                "0",
                ProcessHandle.current().info().command().orElse("java"),
                "-jar",
                Path.of("target", "stoa.jar").toAbsolutePath().toString(),
                "run",
                "--roles",
                "gateway",
                "--conf",
                folder.toString(),
                "--data",
                folder.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!answers(port)) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IllegalStateException(Files.readString(folder.resolve("log")));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return process;
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1_000);
      return true;
    } catch (java.io.IOException notYet) {
      return false;
    }
  }

  /** All threads of this process on the other core; best effort. */
  private static void pin(long pid, int core) throws Exception {
    new ProcessBuilder("taskset", "-apc", Integer.toString(core), Long.toString(pid))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %s-----\\n%s\\n-----END %s-----"
        .formatted(label, Base64.getEncoder().encodeToString(der), label);
  }

  private static List<String> tokens(KeyPair pair) throws Exception {
    Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
    JsonObject header = new JsonObject().put("alg", "ES256").put("typ", "JWT").put("kid", "bench");
    String head = url.encodeToString(header.encode().getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < TOKENS; i++) {
      String claims = claims(i).encode();
      String body = head + "." + url.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
      signature.initSign(pair.getPrivate());
      signature.update(body.getBytes(StandardCharsets.US_ASCII));
      tokens.add(body + "." + url.encodeToString(signature.sign()));
    }
    return tokens;
  }

  private static JsonObject claims(int id) {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("sub", "u1")
        .put("user_id", "u1")
        .put("username", "ann")
        .put("roles", new JsonArray().add("customer"))
        .put("iat", now)
        .put("exp", now + 3_600)
        .put("jti", Integer.toString(id));
  }
}
