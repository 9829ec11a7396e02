package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two processes offer the products; one of them is killed while customers look around. */
@ExtendWith(VertxExtension.class)
class InstanceKilledIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MANY = 300;
  private static final String EJECTED = " of route:products is ejected";
  private static final String BACK = " of route:products is back from ejection";

  @TempDir Path home;

  @Test
  void noReaderNoticesThatAnInstanceIsKilledAndComesBack(Vertx vertx) {
    StoaSetup second = StoaSetup.in(home.resolve("second")).option("--roles", "products");
    StoaSetup first = StoaSetup.in(home.resolve("first"));
    String here = address(first);
    String there = address(second);
    first.file(
        "routes.yaml",
        """
        routes:
          - name: products
            path: /api/products/*
            target: ["%s", "%s"]
            auth: optional
            rate_limit: none
            load_balancer: least_requests
            outlier_detection: {ejection_time: 1s, max_ejection_time: 1s}
        """
            .formatted(here, there));

    StoaProcess victim = second.launch();
    try (RunningShop running = RunningShop.open(vertx, first)) {
      awaitListening(second);
      Shop shop = running.shop();
      RequestLoad readers =
          RequestLoad.of(4, () -> shop.visitor().get("/api/products?limit=1").expect(200));
      readers.awaitMore(MANY);

      victim.kill();
      Eventually.within(PATIENCE, "it is ejected", () -> count(running, there + EJECTED) > 0);
      readers.awaitMore(MANY);
      victim = second.launch();
      awaitListening(second);
      // Since it listens nothing ejects it again.
      Eventually.within(
          PATIENCE,
          "it is in use again",
          () -> count(running, there + BACK) == count(running, there + EJECTED));
      readers.awaitMore(MANY);
      readers.end(3 * MANY);

      assertEquals(0, count(running, here + EJECTED));
    } finally {
      victim.kill();
    }
  }

  private static String address(StoaSetup setup) {
    return "http://127.0.0.1:" + setup.ports().products();
  }

  private static int count(RunningShop running, String line) {
    return running.process().output().split(Pattern.quote(line), -1).length - 1;
  }

  private static void awaitListening(StoaSetup setup) {
    Eventually.within(
        PATIENCE,
        "products listen",
        () -> {
          try (Socket socket =
              new Socket(InetAddress.getLoopbackAddress(), setup.ports().products())) {
            return socket.isConnected();
          } catch (IOException notYet) {
            return false;
          }
        });
  }
}
