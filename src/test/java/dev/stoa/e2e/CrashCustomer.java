package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Somebody who shops on while the shop crashes. Asks again, with the same {@code Idempotency-Key},
 * until there is a clear answer; remembers every clear answer and holds the shop to it. Of one
 * thread, until that has ended.
 */
final class CrashCustomer {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(40);
  private static final int MAX_CARDS = 4;

  private final Caller caller;
  private final List<String> products;
  private final SplittableRandom random;
  private final List<Purchase> purchases = new ArrayList<>();
  private int lookedAfter;
  private int repeats;
  private volatile long unclearNanos;
  private boolean cutOff;
  private volatile String unclear = "";

  /** What the shop has acknowledged about one order. */
  private static final class Purchase {
    private final JsonObject order;
    private boolean triedToPay;
    private boolean triedToCancel;
    private boolean cancelled;
    private String paymentId;

    Purchase(JsonObject order) {
      this.order = order;
    }

    String path() {
      return "/api/orders/" + order.getString("order_id");
    }

    boolean expired() {
      return Instant.parse(order.getString("expires_at")).isBefore(Instant.now());
    }
  }

  CrashCustomer(Caller caller, List<String> products, SplittableRandom random) {
    this.caller = caller;
    this.products = products;
    this.random = random;
  }

  /** One order, and what becomes of it. */
  void shop() {
    Optional<Purchase> ordered = order();
    if (ordered.isPresent()) {
      Purchase purchase = ordered.get();
      purchases.add(purchase);
      int mood = random.nextInt(10);
      if (mood > 1) {
        pay(purchase);
      }
      if (mood == 1 || mood == 2) {
        cancel(purchase);
      }
    }
    if (cutOff) {
      cutOff = false;
      lookAfter();
    }
  }

  private Optional<Purchase> order() {
    List<String> wanted = new ArrayList<>(products);
    Collections.shuffle(wanted, new Random(random.nextLong()));
    JsonArray items = new JsonArray();
    for (String product : wanted.subList(0, 1 + random.nextInt(2))) {
      items.add(new JsonObject().put("product_id", product).put("quantity", 1 + random.nextInt(3)));
    }
    Answer answer = post("/api/orders", new JsonObject().put("items", items));
    if (answer.status() == 409) {
      return Optional.empty();
    }
    return Optional.of(new Purchase(answer.expect(201).json()));
  }

  private void pay(Purchase purchase) {
    purchase.triedToPay = true;
    JsonObject payment =
        new JsonObject()
            .put("order_id", purchase.order.getString("order_id"))
            .put("payment_method", "card")
            .put("amount", purchase.order.getNumber("total_amount"));
    for (int card = 1; card <= MAX_CARDS; card++) {
      Answer answer = post("/api/payments", payment);
      if (answer.status() == 201) {
        purchase.paymentId = answer.text("payment_id");
        // Who gets an answer as late as this finds the order gone, and the money is back.
        purchase.cancelled = purchase.expired() && answer.text("status").equals("refunded");
        String expected = purchase.cancelled ? "refunded" : "completed";
        assertEquals(expected, answer.text("status"), answer::toString);
        return;
      }
      if (answer.status() == 409) {
        return;
      }
      answer.expect(402);
    }
  }

  private void cancel(Purchase purchase) {
    purchase.triedToCancel = true;
    JsonObject cancelled = new JsonObject().put("status", "cancelled");
    Answer answer = clear(HttpMethod.PUT, purchase.path() + "/status", cancelled, null);
    if (answer.status() == 409) {
      return;
    }
    assertEquals("cancelled", answer.expect(200).text("status"), answer::toString);
    purchase.cancelled = true;
  }

  /** What was acknowledged since the last look is still so. */
  void lookAfter() {
    for (Purchase purchase : purchases.subList(lookedAfter, purchases.size())) {
      check(purchase);
    }
    lookedAfter = purchases.size();
  }

  /** Everything that was ever acknowledged is still so. */
  void lookAfterAll() {
    lookedAfter = 0;
    lookAfter();
  }

  private void check(Purchase purchase) {
    Answer answer = clear(HttpMethod.GET, purchase.path(), null, null).expect(200);
    JsonObject now = answer.json();
    JsonObject then = purchase.order;
    assertEquals(then.getValue("items"), now.getValue("items"), answer::toString);
    assertEquals(then.getValue("total_amount"), now.getValue("total_amount"), answer::toString);
    String status = now.getString("status");
    if (purchase.cancelled) {
      assertEquals("cancelled", status, answer::toString);
    } else if (purchase.paymentId != null && !purchase.triedToCancel) {
      assertEquals("paid", status, answer::toString);
      assertEquals(purchase.paymentId, now.getString("payment_id"), answer::toString);
    } else if (!purchase.triedToPay && !purchase.triedToCancel) {
      assertTrue(
          status.equals("reserved") || purchase.expired() && status.equals("cancelled"),
          answer::toString);
    }
    if (purchase.paymentId != null) {
      checkPayment(purchase, status);
    }
  }

  private void checkPayment(Purchase purchase, String orderStatus) {
    String target = "/api/payments/" + purchase.paymentId;
    Answer answer = clear(HttpMethod.GET, target, null, null).expect(200);
    if (orderStatus.equals("paid") && !purchase.triedToCancel) {
      assertEquals("completed", answer.text("status"), answer::toString);
    } else if (purchase.cancelled) {
      assertEquals("refunded", answer.text("status"), answer::toString);
    }
  }

  /** Now and then asks once more for what was answered already. */
  private Answer post(String target, JsonObject body) {
    String key = UUID.randomUUID().toString();
    Answer answer = clear(HttpMethod.POST, target, body, key);
    boolean kept = answer.status() == 201 || answer.status() == 402;
    if (kept && random.nextInt(4) == 0) {
      Answer again = clear(HttpMethod.POST, target, body, key);
      assertEquals(answer.status(), again.status(), again::toString);
      assertEquals(answer.http().bodyAsString(), again.http().bodyAsString());
    }
    return answer;
  }

  /** Asks until somebody answers who knows. */
  private Answer clear(HttpMethod method, String target, JsonObject body, String key) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<Answer> last = Optional.empty();
    while (System.nanoTime() < deadline) {
      long sent = System.nanoTime();
      last = ask(method, target, body, key);
      if (last.isPresent() && last.get().status() < 500 && !isInFlight(last.get())) {
        return last.get();
      }
      cutOff = true;
      repeats++;
      unclearNanos = sent;
      unclear = method + " " + target + ": " + last;
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return fail("no clear answer to " + method + " " + target + ": " + last);
  }

  /** The claim of a request that was cut off by a crash stands until its lease is over. */
  private static boolean isInFlight(Answer answer) {
    return answer.status() == 409 && answer.text("type").endsWith("/request-in-flight");
  }

  private Optional<Answer> ask(HttpMethod method, String target, JsonObject body, String key) {
    HttpRequest<Buffer> request = caller.request(method, target);
    if (key != null) {
      request.putHeader("Idempotency-Key", key);
    }
    if (body != null) {
      request.putHeader("Content-Type", "application/json");
    }
    try {
      return Optional.of(
          Shop.answer(request, method, target, body == null ? null : body.toBuffer())
              .toCompletionStage()
              .toCompletableFuture()
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException noAnswer) {
      return Optional.empty();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(method + " " + target, e);
    }
  }

  /** How many orders were acknowledged. */
  int orders() {
    return purchases.size();
  }

  /** How many payments were acknowledged. */
  long payments() {
    return purchases.stream().filter(purchase -> purchase.paymentId != null).count();
  }

  /**
   * When a request was sent last that got no clear answer, on the scale of {@link System#nanoTime};
   * 0: never.
   */
  long unclearNanos() {
    return unclearNanos;
  }

  /** What came instead of one. */
  String unclear() {
    return unclear;
  }

  /** How many times there was no clear answer. */
  int repeats() {
    return repeats;
  }
}
