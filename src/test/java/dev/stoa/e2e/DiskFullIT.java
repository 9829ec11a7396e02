package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What cannot be written is not acknowledged: while the disk takes no more, orders and payments are
 * answered with 5xx and everything can still be read; when it does again, the shop goes on.
 */
@ExtendWith(VertxExtension.class)
class DiskFullIT {
  private static final int SALES = 10;
  private static final int REFUSALS = 20;
  private static final int MAX_TRIES = 2_000;
  private static final Duration RECOVERY = Duration.ofSeconds(30);
  private static final Duration REST = Duration.ofSeconds(90);

  private static final String SMALL_DISK = "mount -t tmpfs -o size=16m tmpfs \"$0\" && exec \"$@\"";

  @TempDir Path home;

  /** Every write to a file fails (EFBIG): SQLite meets an I/O error. */
  @Test
  void anErrorAtCommitIsNoSuccess(Vertx vertx) {
    try (RunningShop running = RunningShop.open(vertx, setup())) {
      long pid = running.process().pid();

      sellThrough(
          running,
          () -> run("prlimit", "--pid", "" + pid, "--fsize=1:unlimited"),
          () -> run("prlimit", "--pid", "" + pid, "--fsize=unlimited:unlimited"));
    }
  }

  /** A small file system, filled up by somebody else (ENOSPC). Needs the right to mount one. */
  @Test
  void aFullDiskIsNoSuccess(Vertx vertx) throws IOException {
    Path data = Files.createDirectories(home.resolve("data"));
    List<String> own = List.of("unshare", root() ? "-m" : "-rm", "sh", "-c", SMALL_DISK);
    List<String> inside = new ArrayList<>(own);
    inside.add(data.toString());
    assumeTrue(succeeds(inside, "true"), "no right to mount");

    try (RunningShop running = RunningShop.open(vertx, setup().inside(inside))) {
      Path ballast = data(running).resolve("ballast");

      sellThrough(running, () -> fill(ballast), () -> delete(ballast));
    }
  }

  private StoaSetup setup() {
    return StoaSetup.in(home)
        .set("payments.success_rate", 1)
        .set("orders.hold", "10s")
        // Else the gateway would leave alone what refuses so much, also those who only read.
        .set("circuit_breaker.failure_threshold", 1_000)
        .set("orders.sweep_interval", "500ms")
        .set("payments.sweep_interval", "500ms");
  }

  private void sellThrough(RunningShop running, Runnable squeeze, Runnable relieve) {
    Shop shop = running.shop();
    Caller customer = shop.customer();
    String product = shop.product(running.admin(), "Amphora", 2.5, 10_000);
    ShopBooks books = new ShopBooks(running.admin(), Map.of(product, 10_000));
    Map<JsonObject, String> paid = new LinkedHashMap<>();
    for (int i = 0; i < SALES; i++) {
      assertEquals(Optional.empty(), sell(customer, product, paid));
    }
    JsonObject unpaid = customer.order(product, 1).expect(201).json();

    squeeze.run();
    int refusals = 0;
    for (int i = 0; refusals < REFUSALS; i++) {
      assertTrue(i < MAX_TRIES, "never refused");
      Optional<Answer> refusal = sell(customer, product, paid);
      refusals += refusal.isPresent() ? 1 : 0;
      refusal.ifPresent(DiskFullIT::expectUnavailable);
    }
    expectUnavailable(customer.pay(unpaid));
    customer.get("/api/products/" + product).expect(200);
    paid.forEach((order, payment) -> expectPaid(customer, order, payment));

    relieve.run();
    Eventually.within(RECOVERY, "selling again", () -> sell(customer, product, paid).isEmpty());
    Eventually.within(REST, () -> "at rest: " + books.faults(), () -> books.faults().isEmpty());
    paid.forEach((order, payment) -> expectPaid(customer, order, payment));
    Path copy = copy(data(running), home.resolve("copy"));
    books.compareWithProvider(copy);
    ShopBooks.checkFiles(copy);
  }

  /** The data folder as the process sees it. */
  private Path data(RunningShop running) {
    return Path.of("/proc", "" + running.process().pid(), "root")
        .resolve("." + home)
        .resolve("data");
  }

  /** Sells one, and notes what was acknowledged; answers the refusal if there was one. */
  private static Optional<Answer> sell(
      Caller customer, String product, Map<JsonObject, String> paid) {
    Answer ordered = customer.order(product, 1);
    if (ordered.status() != 201) {
      return Optional.of(ordered);
    }
    Answer payment = customer.pay(ordered.json());
    if (payment.status() != 201) {
      return Optional.of(payment);
    }
    paid.put(ordered.json(), payment.text("payment_id"));
    return Optional.empty();
  }

  private static void expectUnavailable(Answer answer) {
    assertTrue(answer.status() == 503 || answer.status() == 504, answer::toString);
    assertEquals("application/problem+json", answer.header("Content-Type"), answer::toString);
  }

  private static void expectPaid(Caller customer, JsonObject order, String payment) {
    Answer now = customer.get("/api/orders/" + order.getString("order_id")).expect(200);
    assertEquals("paid", now.text("status"), now::toString);
    assertEquals(payment, now.text("payment_id"), now::toString);
    Answer money = customer.get("/api/payments/" + payment).expect(200);
    assertEquals("completed", money.text("status"), money::toString);
  }

  // SQLite would follow the link into a process's file system to one of the same name out here.
  private static Path copy(Path data, Path target) {
    try (Stream<Path> files = Files.list(data)) {
      Files.createDirectory(target);
      for (Path file : files.filter(f -> f.toString().matches(".*\\.db(-wal)?")).toList()) {
        Files.copy(file, target.resolve(file.getFileName()));
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void fill(Path ballast) {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertTrue(Files.exists(ballast), full::toString);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  private static void run(String... command) {
    assertTrue(succeeds(List.of(command)), () -> String.join(" ", command));
  }

  private static boolean succeeds(List<String> command, String... more) {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(more));
    try {
      return new ProcessBuilder(line).inheritIO().start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
