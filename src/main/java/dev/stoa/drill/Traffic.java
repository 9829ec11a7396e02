package dev.stoa.drill;

import dev.stoa.drill.Api.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Customers who look at a product, order it and pay, a bounded number at a time, each one request
 * after the other. A buyer sends a request again under its key until it hears what became of it.
 */
final class Traffic {
  private static final int READERS = 4;
  private static final int BUYERS = 2;
  private static final int MAX_ORDERS = 400;
  private static final Duration BETWEEN_READS = Duration.ofMillis(4);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(100);
  private static final Duration END = Duration.ofSeconds(30);

  private final Api visitor;
  private final Api customer;
  private final String product;
  private final Samples reads = new Samples();
  private final Ledger ledger = new Ledger();
  private final AtomicLong resent = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();
  private volatile boolean ending;

  Traffic(Api visitor, Api customer, String product) {
    this.visitor = visitor;
    this.customer = customer;
    this.product = product;
  }

  Traffic start(boolean withBuyers) {
    for (int i = 0; i < READERS; i++) {
      begin("drill-reader-" + i, this::read);
    }
    for (int i = 0; i < BUYERS && withBuyers; i++) {
      begin("drill-buyer-" + i, this::buy);
    }
    return this;
  }

  Samples reads() {
    return reads;
  }

  Ledger ledger() {
    return ledger;
  }

  /** How often a buyer had to ask again. */
  long resent() {
    return resent.get();
  }

  /** Ends it, what is under way included. */
  void end() {
    ending = true;
    for (Thread thread : threads) {
      try {
        thread.join(END.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void begin(String name, Runnable one) {
    Thread thread =
        new Thread(
            () -> {
              while (!ending) {
                one.run();
              }
            },
            name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
  }

  private void read() {
    long began = System.nanoTime();
    Answer answer = visitor.get("/api/products/" + product);
    reads.add(
        new Samples.Sample(
            began, System.nanoTime(), answer.status(), answer.retryAfter().isPresent()));
    Pause.of(BETWEEN_READS);
  }

  private void buy() {
    if (ledger.orders().size() >= MAX_ORDERS) {
      Pause.of(BETWEEN_TRIES);
      return;
    }
    JsonObject item = new JsonObject().put("product_id", product).put("quantity", 1);
    JsonObject basket = new JsonObject().put("items", new JsonArray().add(item));
    insist(
        "/api/orders",
        basket,
        order -> {
          ledger.ordered(order.getString("order_id"));
          pay(order);
        });
  }

  private void pay(JsonObject order) {
    JsonObject payment =
        new JsonObject()
            .put("order_id", order.getString("order_id"))
            .put("payment_method", "card")
            .put("amount", order.getNumber("total_amount"));
    insist("/api/payments", payment, paid -> ledger.paid(order.getString("order_id")));
  }

  private void insist(String path, JsonObject body, Consumer<JsonObject> acknowledged) {
    String key = UUID.randomUUID().toString();
    Answer answer = customer.post(path, body, key);
    long giveUp = System.nanoTime() + END.toNanos();
    while (!answer.definite() && System.nanoTime() < giveUp && !ending) {
      resent.incrementAndGet();
      Pause.of(BETWEEN_TRIES);
      answer = customer.post(path, body, key);
    }
    if (answer.ok()) {
      acknowledged.accept(answer.json());
    }
  }
}
