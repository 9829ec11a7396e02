package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One Idempotency-Key, one effect, one answer. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class KeysContract {
  private static final int COPIES = 8;
  private static final String NOWHERE = "01890000-0000-7000-8000-000000000000";

  private final TestedShop stoa;
  private final Shop shop;
  private final Caller customer;

  KeysContract(TestedShop stoa) {
    this.stoa = stoa;
    this.shop = stoa.shop();
    this.customer = shop.customer();
  }

  @Test
  void whatWasDoneIsToldAgainAndNotDoneAgain() {
    String key = key();
    String product = shop.product(stoa.admin(), "Keyed", 19.99, 5);
    JsonObject basket = Shop.basket(product, 2);
    int before = stoa.upstream().mails();

    Answer order = keyed(customer, key, "/api/orders", basket).expect(201);
    Answer payment = keyed(customer, key, "/api/payments", payment(order.json())).expect(201);
    Answer foreign = keyed(customer, key, "/mails", new JsonObject()).expect(202);

    for (int i = 0; i < 3; i++) {
      same(order, keyed(customer, key, "/api/orders", basket));
      same(payment, keyed(customer, key, "/api/payments", payment(order.json())));
      same(foreign, keyed(customer, key, "/mails", new JsonObject()));
    }
    assertEquals(3, shop.stock(product));
    assertEquals(before + 1, stoa.upstream().mails());
  }

  @Test
  void copiesAtOnceHaveOneEffect() {
    String key = key();
    Caller buyer = shop.customer();
    String product = shop.product(stoa.admin(), "Copied", 1, 50);

    List<Future<Answer>> sent =
        IntStream.range(0, COPIES)
            .mapToObj(
                i ->
                    Shop.answer(
                        request(buyer, key, "/api/orders"),
                        HttpMethod.POST,
                        "/api/orders",
                        Shop.basket(product, 1).toBuffer()))
            .toList();
    List<Answer> answers = sent.stream().map(Shop::await).toList();

    for (Answer answer : answers) {
      assertTrue(Set.of(201, 409).contains(answer.status()), answer::toString);
      if (answer.status() == 409) {
        answer.expectProblem(409, "request-in-flight");
      }
    }
    List<String> orders =
        answers.stream()
            .filter(answer -> answer.status() == 201)
            .map(answer -> answer.text("order_id"))
            .distinct()
            .toList();
    assertEquals(1, orders.size(), answers::toString);
    assertEquals(49, shop.stock(product));
  }

  @Test
  void anotherBodyIsRefusedAndAnotherCallerHasKeysOfItsOwn() {
    String key = key();
    String product = shop.product(stoa.admin(), "Told apart", 1, 50);
    Answer order = keyed(customer, key, "/api/orders", Shop.basket(product, 2)).expect(201);

    keyed(customer, key, "/api/orders", Shop.basket(product, 1))
        .expectProblem(422, "idempotency-key-reused");
    Caller other = shop.customer();
    keyed(other, key, "/api/payments", payment(order.json())).expectProblem(404, "not-found");
    assertNotEquals(
        order.text("order_id"),
        keyed(other, key, "/api/orders", Shop.basket(product, 2)).expect(201).text("order_id"));
  }

  @Test
  void keysThatAreNoneAreNamed() {
    for (String target : new String[] {"/api/orders", "/mails", "/api/auth/register"}) {
      keyed(customer, "two words", target, Shop.basket(NOWHERE, 1))
          .expectInvalid("Idempotency-Key");
    }
  }

  @Test
  void accountsAreMadeOnceAndTokensAreNeverKept() {
    String key = key();
    JsonObject credentials = Shop.credentials("zeno-" + key.substring(0, 8), "citium-334-bc");
    JsonObject other = Shop.credentials("zeno-" + key.substring(0, 8), "another password");

    Answer registered = keyed(shop.visitor(), key, "/api/auth/register", credentials).expect(201);
    same(registered, keyed(shop.visitor(), key, "/api/auth/register", credentials));
    keyed(shop.visitor(), key, "/api/auth/register", other)
        .expectProblem(422, "idempotency-key-reused");
    Answer login = keyed(shop.visitor(), key, "/api/auth/login", credentials).expect(200);
    Answer again = keyed(shop.visitor(), key, "/api/auth/login", credentials).expect(200);
    assertNotEquals(login.text("token"), again.text("token"));
    assertNull(again.header("Idempotency-Replayed"));
  }

  private static String key() {
    return UUID.randomUUID().toString();
  }

  static void same(Answer first, Answer second) {
    assertEquals(first.status(), second.status(), second::toString);
    assertEquals(first.http().bodyAsString(), second.http().bodyAsString());
    assertEquals(first.header("Content-Type"), second.header("Content-Type"));
    assertEquals(first.header("Location"), second.header("Location"));
    assertNull(first.header("Idempotency-Replayed"));
    assertEquals("true", second.header("Idempotency-Replayed"));
  }

  static Answer keyed(Caller caller, String key, String target, JsonObject body) {
    return caller
        .shop()
        .send(request(caller, key, target), HttpMethod.POST, target, body.toBuffer());
  }

  private static HttpRequest<Buffer> request(Caller caller, String key, String target) {
    return caller
        .request(HttpMethod.POST, target)
        .putHeader("Content-Type", "application/json")
        .putHeader("Idempotency-Key", key);
  }

  static JsonObject payment(JsonObject order) {
    return new JsonObject()
        .put("order_id", order.getString("order_id"))
        .put("payment_method", "card")
        .put("amount", order.getNumber("total_amount"));
  }
}
