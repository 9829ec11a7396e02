package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shop that is killed (SIGKILL) again and again while customers order, pay and cancel. Seen from
 * outside: nothing that was acknowledged is lost, nothing is sold or charged twice, everything that
 * was begun comes to its end.
 *
 * <p>{@code -Dcrash.kills=100} for more of it, {@code -Dcrash.seed=…} for the same customers and
 * moments again, {@code -Dcrash.ready=5} for how many seconds the slowest restart may take (many by
 * default: other tests and people share the machine).
 */
@ExtendWith(VertxExtension.class)
class CrashIT {
  private static final Logger LOG = LoggerFactory.getLogger(CrashIT.class);
  private static final int KILLS = Integer.getInteger("crash.kills", 25);
  private static final long SEED = Long.getLong("crash.seed", System.nanoTime());
  private static final String SAID = "seed " + SEED + ": ";
  private static final Duration READY = Duration.ofSeconds(Integer.getInteger("crash.ready", 60));
  private static final Duration QUICKLY_READY = Duration.ofSeconds(5);
  private static final int CUSTOMERS = 8;
  private static final int MAX_UPTIME_MILLIS = 2_000;
  private static final Duration REST = Duration.ofSeconds(90);

  @TempDir Path home;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final List<Duration> restarts = new ArrayList<>();
  private volatile boolean closing;
  private StoaProcess running;

  @Test
  void nothingAcknowledgedIsLostAndNothingHappensTwice(Vertx vertx) {
    LOG.info("{} kills, seed {}", KILLS, SEED);
    StoaSetup setup =
        StoaSetup.in(home)
            .set("idempotency.lease", "1s")
            .set("orders.hold", "10s")
            .set("circuit_breaker.recovery_timeout", "1s")
            .set("circuit_breaker.max_recovery_timeout", "1s")
            .set("orders.sweep_interval", "500ms")
            .set("payments.sweep_interval", "500ms");
    try (Shop shop = new Shop(vertx, setup.ports().gateway())) {
      running = setup.start();
      Caller admin = shop.admin();
      ShopBooks books = new ShopBooks(admin, stock(shop, admin));
      List<CrashCustomer> customers = customers(shop, List.copyOf(books.received().keySet()));
      CompletableFuture<Void> shopping = shopping(customers);

      crash(setup, shopping);
      closing = true;
      shopping.join();

      Eventually.within(REST, () -> SAID + books.faults(), () -> books.faults().isEmpty());
      customers.forEach(CrashCustomer::lookAfterAll);
      books.compareWithProvider(setup.home().resolve("data"));
      running.stop();
      ShopBooks.checkFiles(setup.home().resolve("data"));
      report(customers);
    }
  }

  @AfterEach
  void kill() {
    if (running != null && running.isAlive()) {
      running.kill();
    }
  }

  /** Plenty of one thing, some of another, and one that is soon sold out. */
  private static Map<String, Integer> stock(Shop shop, Caller admin) {
    Map<String, Integer> received = new LinkedHashMap<>();
    for (int count : new int[] {100_000, 2_000, 60}) {
      received.put(shop.product(admin, "One of " + count, 1.01 * count % 97, count), count);
    }
    return received;
  }

  private List<CrashCustomer> customers(Shop shop, List<String> products) {
    List<CrashCustomer> customers = new ArrayList<>();
    for (int i = 0; i < CUSTOMERS; i++) {
      customers.add(new CrashCustomer(shop.customer(), products, random.split()));
    }
    return customers;
  }

  private CompletableFuture<Void> shopping(List<CrashCustomer> customers) {
    return CompletableFuture.allOf(
        customers.stream()
            .map(customer -> CompletableFuture.runAsync(() -> shop(customer), this::thread))
            .toArray(CompletableFuture[]::new));
  }

  private void shop(CrashCustomer customer) {
    while (!closing) {
      customer.shop();
    }
  }

  private void thread(Runnable work) {
    Thread thread = new Thread(work, "customer");
    thread.setDaemon(true);
    thread.start();
  }

  /** Kills and restarts, every fifth time while it starts. The last one is ready. */
  private void crash(StoaSetup setup, CompletableFuture<Void> shopping) {
    for (int kill = 1; kill <= KILLS; kill++) {
      await(shopping, Duration.ofMillis(random.nextInt(MAX_UPTIME_MILLIS)));
      running.kill();
      running = setup.launch();
      if (kill % 5 != 0 || kill == KILLS) {
        running.awaitReady();
        Duration took = running.age();
        restarts.add(took);
        assertTrue(
            took.compareTo(READY) < 0, () -> SAID + "ready after " + took + running.output());
      }
    }
    restarts.sort(null);
    // The median: a machine with other work may be slow once in a while.
    assertTrue(median().compareTo(QUICKLY_READY) < 0, () -> SAID + "ready after " + restarts);
  }

  private Duration median() {
    return restarts.get(restarts.size() / 2);
  }

  /** So long, or until a customer has failed. */
  private static void await(CompletableFuture<Void> shopping, Duration time) {
    try {
      shopping.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException goOn) {
      return;
    } catch (Exception e) {
      throw new AssertionError(SAID + "a customer complains", e);
    }
  }

  private void report(List<CrashCustomer> customers) {
    int orders = customers.stream().mapToInt(CrashCustomer::orders).sum();
    long payments = customers.stream().mapToLong(CrashCustomer::payments).sum();
    int repeats = customers.stream().mapToInt(CrashCustomer::repeats).sum();
    assertTrue(orders > 0 && payments > 0 && repeats > 0, "too little happened to tell");
    LOG.info(
        "{} kills: {} orders and {} payments acknowledged, {} requests repeated; ready after {} ms"
            + " (median), {} ms (most)",
        KILLS,
        orders,
        payments,
        repeats,
        median().toMillis(),
        restarts.get(restarts.size() - 1).toMillis());
  }
}
