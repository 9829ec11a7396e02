package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
  private static final int PRODUCTS = 100;
  private static final int STOCK = 1_000_000;

  private final String[] products = new String[PRODUCTS];
  private Caller customer;

  @Test
  void wholeOrdersPerSecond(Vertx vertx) throws IOException {
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
    StoaSetup setup = StoaSetup.in(home).set("payments.success_rate", 1);
    long groups = CommitRate.of(home, 50);
    long singles = CommitRate.of(home, 1);
    try (RunningShop running = RunningShop.open(vertx, setup)) {
      customer = running.shop().customer();
      for (int i = 0; i < PRODUCTS; i++) {
        products[i] = running.shop().product(running.admin(), "Amphora " + i, 9.99, STOCK);
      }

      run(WARM_UP);
      long[] nanos = run(ORDERS);

      report(nanos, singles, groups);
      assertEquals(
          (long) PRODUCTS * STOCK - WARM_UP - ORDERS,
          Arrays.stream(products).mapToLong(running.shop()::stock).sum());
    }
  }

  /** Answers how long each order took, and at the end how long all of them. */
  private long[] run(int orders) {
    long[] nanos = new long[orders + 1];
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    Future<?>[] clients = new Future<?>[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
      clients[i] = shopOn(next, nanos);
    }
    try {
      Future.all(Arrays.asList(clients))
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    nanos[orders] = System.nanoTime() - start;
    return nanos;
  }

  private Future<Void> shopOn(AtomicInteger next, long[] nanos) {
    int mine = next.getAndIncrement();
    if (mine >= nanos.length - 1) {
      return Future.succeededFuture();
    }
    long start = System.nanoTime();
    return post("/api/orders", Shop.basket(products[mine % PRODUCTS], 1))
        .compose(
            order ->
                post(
                    "/api/payments",
                    new JsonObject()
                        .put("order_id", order.getString("order_id"))
                        .put("payment_method", "card")
                        .put("amount", order.getNumber("total_amount"))))
        .compose(
            paid -> {
              nanos[mine] = System.nanoTime() - start;
              return shopOn(next, nanos);
            });
  }

  private Future<JsonObject> post(String target, JsonObject body) {
    Buffer json = body.toBuffer();
    return Shop.answer(
            customer
                .request(HttpMethod.POST, target)
                .putHeader("Content-Type", "application/json"),
            HttpMethod.POST,
            target,
            json)
        .map(answer -> answer.expect(201).json());
  }

  private static void report(long[] nanos, long singles, long groups) {
    int orders = nanos.length - 1;
    double seconds = nanos[orders] / 1e9;
    long[] sorted = Arrays.copyOf(nanos, orders);
    Arrays.sort(sorted);
    System.out.printf(
        "%nBENCH orders: %.0f/s whole (created and paid) by %d clients, p50 %.1f ms, p99 %.1f ms%n"
            + "BENCH raw: %d commits/s of one row, %d rows/s in commits of 50%n%n",
        orders / seconds, CLIENTS, sorted[orders / 2] / 1e6, sorted[orders * 99 / 100] / 1e6,
        singles, groups);
  }
}
