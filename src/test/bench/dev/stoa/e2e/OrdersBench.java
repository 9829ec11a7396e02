package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whole orders per second: create and pay through the gateway, every step durable when it is
 * answered; beside it, in the same run, what the disk can do at all.
 *
 * <p>{@code mvn -B -Pbench verify -Dit.test=OrdersBench}, with {@code -Dbench.orders=…} measured
 * after {@code -Dbench.warmup=…} others, by {@code -Dbench.clients=…} at a time. Another jar is
 * measured with {@code -Dstoa.jar=…}.
 */
@ExtendWith(VertxExtension.class)
class OrdersBench {
  private static final int WARM_UP = Integer.getInteger("bench.warmup", 6_000);
  private static final int ORDERS = Integer.getInteger("bench.orders", 6_000);
  private static final int CLIENTS = Integer.getInteger("bench.clients", 64);

  @Test
  void wholeOrdersPerSecond(Vertx vertx) throws IOException {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
    StoaSetup setup = StoaSetup.in(home).set("payments.success_rate", 1);
    long groups = CommitRate.of(home, 50);
    long singles = CommitRate.of(home, 1);
    try (RunningShop running = RunningShop.open(vertx, setup)) {
      WholeOrders orders = new WholeOrders(running.shop(), running.admin(), CLIENTS);

      orders.run(WARM_UP);
      WholeOrders.Rate rate = orders.run(ORDERS);

      System.out.printf(
          "%nBENCH orders: %.0f/s whole (created and paid) by %d clients, p50 %.1f ms, p99 %.1f ms%n"
              + "BENCH raw: %d commits/s of one row, %d rows/s in commits of 50%n%n",
          rate.perSecond(), CLIENTS, rate.p50Millis(), rate.p99Millis(), singles, groups);
      assertEquals(WARM_UP + ORDERS, orders.sold());
    }
  }
}
