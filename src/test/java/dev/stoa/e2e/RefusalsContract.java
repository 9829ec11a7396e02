package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each refusal of the contract, with its status, its type and its header fields. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RefusalsContract {
  private static final String NOWHERE = "01890000-0000-7000-8000-000000000000";

  private final TestedShop stoa;
  private final Caller admin;
  private final Caller visitor;
  private final Caller customer;
  private final String product;

  RefusalsContract(TestedShop stoa) {
    this.stoa = stoa;
    this.admin = stoa.admin();
    this.visitor = stoa.shop().visitor();
    this.customer = stoa.shop().customer();
    this.product = stoa.shop().product(admin, "Amphora", 12.5, 3);
  }

  @Test
  void noToken() {
    Answer answer = visitor.get("/api/orders").expectProblem(401, "missing-token");

    assertTrue(answer.header("WWW-Authenticate").startsWith("Bearer"), answer::toString);
  }

  static Stream<String> malformedTokens() {
    String good = HandmadeToken.signed(StoaSetup.SECRET, new JsonObject());
    JsonObject header = new JsonObject().put("alg", "HS256").put("typ", "JWT");
    return Stream.of(
        "x",
        "a.b.c",
        good + ".",
        good.substring(0, good.lastIndexOf('.')),
        HandmadeToken.unsigned(),
        HandmadeToken.signed(StoaSetup.SECRET, new JsonObject().putNull("exp")),
        HandmadeToken.signed(StoaSetup.SECRET, new JsonObject().put("exp", "tomorrow")),
        HandmadeToken.signed(StoaSetup.SECRET, new JsonObject().put("roles", "admin")),
        HandmadeToken.sign(
            StoaSetup.SECRET,
            header.copy().put("crit", new JsonArray().add("x")),
            HandmadeToken.claims()),
        HandmadeToken.sign(
            StoaSetup.SECRET, header.copy().put("b64", false), HandmadeToken.claims()));
  }

  @ParameterizedTest
  @MethodSource("malformedTokens")
  void malformedToken(String token) {
    Answer answer = visitor.with(token).get("/api/orders").expectProblem(401, "malformed-token");

    assertTrue(
        answer.header("WWW-Authenticate").contains("error=\"invalid_token\""), answer::toString);
  }

  @Test
  void expiredToken() {
    long past = Instant.now().getEpochSecond() - 60;
    String token = HandmadeToken.signed(StoaSetup.SECRET, new JsonObject().put("exp", past));

    Answer answer = visitor.with(token).get("/api/orders").expectProblem(401, "expired-token");

    assertTrue(
        answer.header("WWW-Authenticate").contains("error=\"invalid_token\""), answer::toString);
  }

  @Test
  void invalidToken() {
    String token = HandmadeToken.signed("another secret of more than 32 bytes!", new JsonObject());

    Answer answer = visitor.with(token).get("/api/orders").expectProblem(401, "invalid-token");

    assertTrue(
        answer.header("WWW-Authenticate").contains("error=\"invalid_token\""), answer::toString);
  }

  @Test
  void eachServiceProvesTheTokenItself(Vertx vertx) {
    String forged = HandmadeToken.signed("another secret of more than 32 bytes!", new JsonObject());
    Ports ports = stoa.ports();
    List<String> targets = List.of("/users", "/products", "/orders", "/payments");
    List<Integer> of = List.of(ports.users(), ports.products(), ports.orders(), ports.payments());

    for (int i = 0; i < targets.size(); i++) {
      try (Shop service = new Shop(vertx, of.get(i))) {
        JsonObject body = new JsonObject();
        service.visitor().post(targets.get(i), body).expectProblem(401, "missing-token");
        service
            .visitor()
            .with("x")
            .post(targets.get(i), body)
            .expectProblem(401, "malformed-token");
        service
            .visitor()
            .with(forged)
            .post(targets.get(i), body)
            .expectProblem(401, "invalid-token");
        service.visitor().get("/health").expect(200);
      }
    }
  }

  @Test
  void aTokenThatIsNotNeededMustBeGoodAllTheSame() {
    visitor.with("x").get("/api/products").expectProblem(401, "malformed-token");
  }

  @Test
  void wrongPasswordAndUnknownUserAreTheSame() {
    Answer wrong =
        logIn(customer.username(), "not the password").expectProblem(401, "bad-credentials");
    Answer unknown =
        logIn("nobody-at-all", "not the password").expectProblem(401, "bad-credentials");

    assertEquals(wrong.text("detail"), unknown.text("detail"));
    assertNotNull(wrong.header("WWW-Authenticate"));
  }

  private Answer logIn(String username, String password) {
    return visitor.post("/api/auth/login", Shop.credentials(username, password));
  }

  @Test
  void missingRole() {
    JsonObject body = new JsonObject().put("name", "Mine").put("price", 1).put("stock", 1);

    customer.post("/api/products", body).expectProblem(403, "forbidden");
    customer
        .put("/api/products/" + product, new JsonObject().put("price", 1))
        .expectProblem(403, "forbidden");
    customer
        .put("/api/products/" + product + "/stock", new JsonObject().put("quantity", 1))
        .expectProblem(403, "forbidden");
    customer.get("/api/users").expectProblem(403, "forbidden");
    customer
        .post("/api/users", Shop.credentials("someone", "a long password"))
        .expectProblem(403, "forbidden");
    customer.get("/api/staff").expectProblem(403, "forbidden");
    customer
        .put(
            "/api/users/" + customer.userId(),
            new JsonObject().put("roles", new JsonArray().add("admin")))
        .expectProblem(403, "forbidden");
  }

  @ParameterizedTest
  @CsvSource({
    "/nowhere, route-not-found",
    "/apis/orders, route-not-found",
    "/api, route-not-found",
    "/api/nobody/x, service-not-found",
    "/api/orders/" + NOWHERE + ", not-found",
    "/api/orders/" + NOWHERE + "/timeline, not-found",
    "/api/orders/" + NOWHERE + "/nothing, not-found",
    "/api/payments/" + NOWHERE + ", not-found",
    "/api/products/" + NOWHERE + ", not-found",
    "/api/users/" + NOWHERE + ", not-found",
    "/api/order-service/orders/" + NOWHERE + ", not-found",
  })
  void nothingThere(String target, String type) {
    admin.get(target).expectProblem(404, type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /api/auth/login | POST, OPTIONS",
        "DELETE | /api/auth/register | POST, OPTIONS",
        "POST | /health | GET, HEAD, OPTIONS",
        "POST | /api/read-only/x | GET, HEAD, OPTIONS",
        "DELETE | /api/products | GET, HEAD, POST",
        "PATCH | /api/orders | GET, HEAD, POST",
        "TRACE | /api/orders | GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      })
  void otherMethods(String method, String target, String allowed) {
    Answer answer =
        admin
            .call(HttpMethod.valueOf(method), target, null)
            .expectProblem(405, "method-not-allowed");

    Set<String> expected = Set.copyOf(Arrays.asList(allowed.split(", ")));
    assertEquals(expected, Set.copyOf(Arrays.asList(answer.header("Allow").split(", "))));
  }

  @Test
  void shortStockNamesTheItems() {
    String plenty = stoa.shop().product(admin, "Plenty", 1, 100);
    JsonArray items = new JsonArray();
    items.add(new JsonObject().put("product_id", plenty).put("quantity", 1));
    items.add(new JsonObject().put("product_id", product).put("quantity", 4));

    Answer answer = customer.post("/api/orders", new JsonObject().put("items", items));

    answer.expectProblem(409, "insufficient-stock");
    assertEquals(List.of("items.1.quantity"), answer.fieldsAtFault());
    assertEquals(100, stoa.shop().stock(plenty));
  }

  @Test
  void unknownProductNamesTheItem() {
    Answer answer = customer.order(NOWHERE, 1).expectProblem(422, "unknown-product");

    assertEquals(List.of("items.0.product_id"), answer.fieldsAtFault());
  }

  @Test
  void usernamesAreTakenInAnyCase() {
    String name = customer.username();

    stoa.shop().register(name, "a long password").expectProblem(409, "username-taken");
    stoa.shop()
        .register(name.toUpperCase(Locale.ROOT), "a long password")
        .expectProblem(409, "username-taken");
  }

  @Test
  void anOrderIsPaidOnceAndWithItsPrice() {
    JsonObject order =
        customer.order(stoa.shop().product(admin, "Once", 12.5, 5), 1).expect(201).json();

    customer.pay(order.copy().put("total_amount", 12.49)).expectProblem(422, "amount-mismatch");
    customer.pay(order.copy().put("total_amount", 0)).expectProblem(422, "amount-mismatch");
    String payment = customer.pay(order).expect(201).text("payment_id");
    customer.pay(order).expectProblem(409, "already-paid");
    admin
        .post("/api/payments/" + payment + "/refund", new JsonObject().put("amount", 12.51))
        .expectProblem(422, "amount-mismatch");
    customer.pay(order.copy().put("order_id", NOWHERE)).expectProblem(404, "not-found");
  }

  @Test
  void onlyLegalTransitions() {
    String wanted = stoa.shop().product(admin, "Wanted", 1, 9);
    String order =
        "/api/orders/" + customer.order(wanted, 1).expect(201).text("order_id") + "/status";

    for (String status : List.of("pending", "reserved", "paid", "shipped", "delivered")) {
      Answer answer = admin.put(order, status(status)).expectProblem(409, "illegal-transition");
      assertEquals("reserved", answer.text("from"));
      assertEquals(status, answer.text("to"));
      customer.put(order, status(status)).expectProblem(403, "forbidden");
    }
    admin.put(order, status("lost")).expectInvalid("status");
    customer.put(order, status("cancelled")).expect(200);
    customer.put(order, status("cancelled")).expectProblem(409, "illegal-transition");
    admin.put(order, status("shipped")).expectProblem(409, "illegal-transition");
  }

  private static JsonObject status(String status) {
    return new JsonObject().put("status", status);
  }

  @Test
  void bodiesThatAreTooLarge() {
    Buffer twoMegabytes = Buffer.buffer("{\"name\": \"" + "x".repeat(2 << 20) + "\"}");

    admin
        .post("/api/small", new JsonObject().put("name", "x".repeat(200)))
        .expectProblem(413, "payload-too-large");
    admin
        .send(HttpMethod.POST, "/api/products", "application/json", twoMegabytes)
        .expectProblem(413, "payload-too-large");
    visitor
        .send(HttpMethod.POST, "/api/auth/login", "application/json", twoMegabytes)
        .expectProblem(413, "payload-too-large");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/xml",
        "application/x-www-form-urlencoded",
        "application/jsonx"
      })
  void otherMediaTypes(String type) {
    Buffer body = Shop.credentials("someone", "a long password").toBuffer();

    for (String target :
        List.of("/api/auth/login", "/api/auth/register", "/api/users", "/api/orders")) {
      admin.send(HttpMethod.POST, target, type, body).expectProblem(415, "unsupported-media-type");
    }
  }

  @Test
  void limitsTellWhenToComeBack() {
    List<String> remaining = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Answer passed = customer.get("/api/rare").expect(200);
      assertEquals("\"rare\";q=3;w=1800", passed.header("RateLimit-Policy"));
      remaining.add(passed.header("RateLimit").split(";")[1]);
    }

    Answer answer = customer.get("/api/rare").expectProblem(429, "rate-limited");

    assertEquals(List.of("r=2", "r=1", "r=0"), remaining);
    int wait = Integer.parseInt(answer.header("Retry-After"));
    assertTrue(wait > 0 && wait <= 600, answer::toString);
    assertTrue(answer.header("RateLimit").startsWith("\"rare\";r=0;t="), answer::toString);
    assertEquals("\"rare\";q=3;w=1800", answer.header("RateLimit-Policy"));
    admin.get("/api/rare").expect(200);
    visitor.get("/api/rare").expect(200);
  }

  @Test
  void headsThatAreTooLarge() {
    Answer fields =
        stoa.shop()
            .send(
                customer
                    .request(HttpMethod.GET, "/api/orders")
                    .putHeader("X-Much", "x".repeat(20_000)),
                HttpMethod.GET,
                "/api/orders",
                null);
    fields.expectProblem(431, "headers-too-large");
    Answer line = visitor.get("/api/products?q=" + "x".repeat(10_000)).expect(414);
    assertEquals("/problems/uri-too-long", line.text("type"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /dead, 502, bad-gateway",
    "POST, /dead, 502, bad-gateway",
    "GET, /odd-mails/broken, 502, bad-gateway",
    "POST, /odd-mails/broken, 502, bad-gateway",
    "GET, /odd-mails/silent, 504, gateway-timeout",
  })
  void upstreamsThatFail(String method, String target, int status, String type) {
    visitor.call(HttpMethod.valueOf(method), target, null).expectProblem(status, type);
  }
}
