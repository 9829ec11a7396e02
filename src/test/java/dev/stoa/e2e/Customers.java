package dev.stoa.e2e;

import dev.stoa.persistence.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** Several who shop, each in a thread of its own, and the books of what there is to be had. */
final class Customers {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ShopBooks books;
  private final List<CrashCustomer> customers = new ArrayList<>();
  private final List<CompletableFuture<Void>> shopping = new ArrayList<>();
  private volatile boolean closing;

  /** Nobody shops yet; there is plenty of one thing, and some of another. */
  Customers(Shop shop, int count, long seed) {
    Caller admin = shop.admin();
    Map<String, Integer> received = new LinkedHashMap<>();
    for (int stock : new int[] {100_000, 300}) {
      received.put(shop.product(admin, "One of " + stock, 1.01 * stock % 97, stock), stock);
    }
    this.books = new ShopBooks(admin, received);
    SplittableRandom random = new SplittableRandom(seed);
    List<String> products = List.copyOf(received.keySet());
    for (int i = 0; i < count; i++) {
      customers.add(new CrashCustomer(shop.customer(), products, random.split()));
    }
  }

  Customers start() {
    for (CrashCustomer customer : customers) {
      shopping.add(CompletableFuture.runAsync(() -> shop(customer), Customers::thread));
    }
    return this;
  }

  private void shop(CrashCustomer customer) {
    while (!closing) {
      customer.shop();
    }
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "customer");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until so many more orders were acknowledged; fails where a customer complains. */
  void awaitMore(int count) {
    int wanted = orders() + count;
    Eventually.within(
        PATIENCE,
        () -> count + " more orders, not " + (orders() - wanted + count),
        () -> {
          shopping.stream().filter(CompletableFuture::isDone).forEach(CompletableFuture::join);
          return orders() >= wanted;
        });
  }

  int orders() {
    return customers.stream().mapToInt(CrashCustomer::orders).sum();
  }

  /** How many times there was no clear answer. */
  int repeats() {
    return customers.stream().mapToInt(CrashCustomer::repeats).sum();
  }

  /** How long after that moment a request was sent last that got no clear answer; 0: none. */
  Duration unclearAfter(long nanos) {
    long last = customers.stream().mapToLong(CrashCustomer::unclearNanos).max().orElse(0);
    return Duration.ofNanos(Math.max(0, last - nanos));
  }

  /** What they have heard last instead of clear answers. */
  List<String> unclear() {
    return customers.stream().map(CrashCustomer::unclear).filter(s -> !s.isEmpty()).toList();
  }

  /** Nobody orders any more, and everybody finds everything as it was acknowledged. */
  void end() {
    closing = true;
    shopping.forEach(CompletableFuture::join);
    customers.forEach(CrashCustomer::lookAfterAll);
  }

  /** Everything comes to its end, and the books of all balance. */
  void settle(TestPostgres server) {
    Eventually.within(PATIENCE, () -> books.faults().toString(), () -> books.faults().isEmpty());
    books.compareWithProvider(server.jdbcUrl(), "payment_provider.charges");
    Eventually.within(
        PATIENCE,
        () -> invariants().json().encode(),
        () -> invariants().expect(200).json().getBoolean("ok"));
  }

  private Answer invariants() {
    return books.admin().get("/api/orders/invariants");
  }
}
