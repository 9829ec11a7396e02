package dev.stoa.e2e;

import dev.stoa.service.AuthConfig;
import dev.stoa.service.Identity;
import dev.stoa.service.Tokens;
import dev.stoa.config.Live;
import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** What the parts can do by themselves on this machine, a second: what a shop is made of. */
final class RawFigures {
  private static final long NANOS = 2_000_000_000L;
  private static final int ROWS = 1_000;

  private RawFigures() {}

  /** By name. */
  static Map<String, Double> measure(Vertx vertx, Path folder) {
    Map<String, Double> figures = new TreeMap<>();
    figures.put("sqlite commits of one row", (double) CommitRate.of(folder, 1));
    figures.put("sqlite rows in commits of 50", (double) CommitRate.of(folder, 50));
    figures.put("sqlite reads of one row", reads(folder));
    Argon2 argon2 = Argon2Factory.create(Argon2Factory.Argon2Types.ARGON2id);
    figures.put("argon2id hashes", perSecond(() -> argon2.hash(2, 19_456, 1, "secret".toCharArray())));
    figures.put("tokens proven by the library", proofs(vertx));
    figures.put("tokens proven, remembered", rememberedProofs(vertx));
    figures.put("event bus requests, one at a time", busRequests(vertx));
    figures.put("http requests, one at a time", httpRequests(vertx));
    return figures;
  }

  private static double reads(Path folder) {
    String url = "jdbc:sqlite:" + folder.resolve("reads.db") + "?journal_mode=WAL&synchronous=FULL";
    try (Connection connection = DriverManager.getConnection(url);
        Statement plain = connection.createStatement()) {
      plain.execute("CREATE TABLE t (id TEXT PRIMARY KEY, body TEXT NOT NULL)");
      plain.execute("BEGIN");
      for (int i = 0; i < ROWS; i++) {
        plain.execute("INSERT INTO t VALUES ('id-" + i + "', 'about as long as a product is')");
      }
      plain.execute("COMMIT");
      try (PreparedStatement select = connection.prepareStatement("SELECT * FROM t WHERE id = ?")) {
        int[] next = new int[1];
        return perSecond(() -> read(select, "id-" + next[0]++ % ROWS));
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static void read(PreparedStatement select, String id) {
    try {
      select.setString(1, id);
      try (ResultSet found = select.executeQuery()) {
        if (!found.next() || found.getString("body").isEmpty()) {
          throw new AssertionError("not found: " + id);
        }
      }
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static double proofs(Vertx vertx) {
    JWTAuth jwt =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(StoaSetup.SECRET)));
    TokenCredentials token =
        new TokenCredentials(jwt.generateToken(new JsonObject().put("sub", "somebody")));
    return perSecond(() -> ClosedLoop.await(jwt.authenticate(token)));
  }

  private static double rememberedProofs(Vertx vertx) {
    Tokens tokens =
        new Tokens(vertx, Live.fixed(AuthConfig.ofSecret(StoaSetup.SECRET)), InstantSource.system());
    String bearer =
        "Bearer " + tokens.issue(new Identity("somebody", "somebody", Set.of())).token();
    return perSecond(() -> tokens.verify(bearer));
  }

  private static double busRequests(Vertx vertx) {
    JsonObject body = new JsonObject().put("name", "amphora").put("quantity", 1);
    ClosedLoop.await(
        vertx.eventBus().consumer("raw", message -> message.reply(message.body())).completion());
    ClosedLoop loop = here(i -> vertx.eventBus().request("raw", body));
    loop.run(vertx, 20_000);
    return loop.run(vertx, 50_000).perSecond();
  }

  private static double httpRequests(Vertx vertx) {
    var server =
        vertx.createHttpServer().requestHandler(request -> request.response().end("{\"n\":1}"));
    ClosedLoop.await(server.listen(0, "127.0.0.1"));
    var client = vertx.createHttpClient();
    int port = server.actualPort();
    ClosedLoop loop =
        here(
            i ->
                client
                    .request(HttpMethod.GET, port, "127.0.0.1", "/")
                    .compose(request -> request.send().compose(answer -> answer.body())));
    loop.run(vertx, 10_000);
    double perSecond = loop.run(vertx, 20_000).perSecond();
    ClosedLoop.await(client.close());
    ClosedLoop.await(server.close());
    return perSecond;
  }

  private static ClosedLoop here(IntFunction<Future<?>> work) {
    return new ClosedLoop(ProcessHandle.current().pid(), 1, work);
  }

  private static double perSecond(Runnable once) {
    for (long start = System.nanoTime(); System.nanoTime() - start < NANOS / 2; ) {
      once.run();
    }
    long start = System.nanoTime();
    long times = 0;
    for (; System.nanoTime() - start < NANOS; times++) {
      once.run();
    }
    return times * 1e9 / (System.nanoTime() - start);
  }
}
