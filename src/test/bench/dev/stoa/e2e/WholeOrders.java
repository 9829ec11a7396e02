package dev.stoa.e2e;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A customer who creates and pays orders, many at a time, for measuring how long that takes. */
final class WholeOrders {
  private static final int PRODUCTS = 100;
  private static final int STOCK = 1_000_000;

  private final Shop shop;
  private final Caller customer;
  private final int clients;
  private final String[] products;
  private final AtomicLong bought = new AtomicLong();

  /** How long one order took, at most, for that share of them; and how many there were a second. */
  record Rate(double perSecond, double p50Millis, double p99Millis) {
    private static Rate of(long[] nanos, long allNanos) {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return new Rate(
          nanos.length * 1e9 / allNanos,
          sorted[nanos.length / 2] / 1e6,
          sorted[nanos.length * 99 / 100] / 1e6);
    }
  }

  /** Makes a customer and products of its own. */
  WholeOrders(Shop shop, Caller admin, int clients) {
    this(shop, admin, clients, PRODUCTS);
  }

  /** With so many products, which are ordered in turn. */
  WholeOrders(Shop shop, Caller admin, int clients, int variety) {
    this.shop = shop;
    this.customer = shop.customer();
    this.clients = clients;
    this.products = new String[variety];
    for (int i = 0; i < variety; i++) {
      products[i] = shop.product(admin, "Amphora " + i, 9.99, STOCK);
    }
  }

  /** How many pieces were sold. */
  long sold() {
    return (long) products.length * STOCK - Arrays.stream(products).mapToLong(shop::stock).sum();
  }

  /** So many orders, by all clients together. */
  Rate run(int orders) {
    long[] nanos = new long[orders];
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    Future<?>[] all = new Future<?>[clients];
    for (int i = 0; i < clients; i++) {
      all[i] = shopOn(next, nanos);
    }
    try {
      Future.all(Arrays.asList(all))
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return Rate.of(nanos, System.nanoTime() - start);
  }

  private Future<Void> shopOn(AtomicInteger next, long[] nanos) {
    int mine = next.getAndIncrement();
    if (mine >= nanos.length) {
      return Future.succeededFuture();
    }
    long start = System.nanoTime();
    return buy(mine)
        .compose(
            paid -> {
              nanos[mine] = System.nanoTime() - start;
              return shopOn(next, nanos);
            });
  }

  /** Orders one piece of a product, and pays it. */
  Future<JsonObject> buy(int number) {
    return post("/api/orders", Shop.basket(product(number), 1))
        .compose(
            order ->
                post(
                    "/api/payments",
                    new JsonObject()
                        .put("order_id", order.getString("order_id"))
                        .put("payment_method", "card")
                        .put("amount", order.getNumber("total_amount"))))
        .onSuccess(paid -> bought.incrementAndGet());
  }

  /** How many orders were paid. */
  long bought() {
    return bought.get();
  }

  /** The id of one of the products; which one goes by the number. */
  String product(int number) {
    return products[number % products.length];
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
}
