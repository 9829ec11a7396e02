package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody sees or does what is somebody else's, or what is between the services only. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class OwnershipContract {
  private final TestedShop stoa;
  private final Caller ann;
  private final Caller bob;
  private final JsonObject order;
  private final String payment;

  OwnershipContract(TestedShop stoa) {
    this.stoa = stoa;
    ann = stoa.shop().customer();
    bob = stoa.shop().customer();
    String product = stoa.shop().product(stoa.admin(), "Ann's", 5, 100);
    order = ann.order(product, 1).expect(201).json();
    payment = ann.pay(order).expect(201).text("payment_id");
    bob.order(product, 1).expect(201);
  }

  private String id() {
    return order.getString("order_id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api", "/api/order-service"})
  void othersOrdersAreNotThere(String prefix) {
    String path = prefix + "/orders/" + id();

    ann.get(path).expect(200);
    bob.get(path).expectProblem(404, "not-found");
    bob.get(path + "/timeline").expectProblem(404, "not-found");
    bob.put(path + "/status", new JsonObject().put("status", "cancelled"))
        .expectProblem(404, "not-found");
    assertEquals("paid", ann.get(path).text("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api", "/api/payment-service"})
  void othersPaymentsAreNotThere(String prefix) {
    String path = prefix + "/payments/" + payment;

    ann.get(path).expect(200);
    bob.get(path).expectProblem(404, "not-found");
    bob.post(path + "/refund", null).expectProblem(404, "not-found");
    bob.pay(order).expectProblem(404, "not-found");
    assertEquals("completed", ann.get(path).text("status"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api", "/api/user-service"})
  void othersRecordsAreForbidden(String prefix) {
    String path = prefix + "/users/" + ann.userId();

    assertEquals(ann.username(), ann.get(path).expect(200).text("username"));
    stoa.admin().get(path).expect(200);
    bob.get(path).expectProblem(403, "forbidden");
    bob.put(path, new JsonObject().put("email", "bob@example.org")).expectProblem(403, "forbidden");
    bob.delete(path).expectProblem(403, "forbidden");
    stoa.shop().visitor().get(path).expectProblem(401, "missing-token");
  }

  @Test
  void listsShowOnesOwnOnly() {
    List<JsonObject> orders = bob.get("/api/orders?limit=100").expect(200).items();
    List<JsonObject> payments = bob.get("/api/payments?limit=100").expect(200).items();

    assertEquals(1, orders.size());
    assertEquals(bob.userId(), orders.get(0).getString("user_id"));
    assertEquals(List.of(), payments);
    assertEquals(List.of(), bob.get("/api/payments?order_id=" + id()).expect(200).items());
    bob.get("/api/orders?user_id=" + ann.userId()).expectProblem(403, "forbidden");
    bob.get("/api/users").expectProblem(403, "forbidden");
    assertEquals(
        List.of(id()),
        stoa.admin().get("/api/orders?user_id=" + ann.userId()).expect(200).items().stream()
            .map(found -> found.getString("order_id"))
            .toList());
  }

  @Test
  void identityComesFromTheTokenAlone() {
    for (String header :
        List.of("X-User-Id", "X_User_Id", "x-user-id", "X-User-Roles", "X-Forwarded-User")) {
      String value = header.contains("Roles") ? "admin" : ann.userId();
      Answer answer =
          stoa.shop()
              .send(
                  bob.request(HttpMethod.GET, "/api/orders/" + id()).putHeader(header, value),
                  HttpMethod.GET,
                  "/api/orders/" + id(),
                  null);
      answer.expectProblem(404, "not-found");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/user-service/auth/login",
        "/api/user-service/auth/register",
        "/api/user-service/AUTH/login",
        "/api/user-service/%61uth/login",
        "/api/user-service/%2561uth/login",
        "/api/user-service//auth/login",
        "/api/user-service/./auth/login",
        "/api/user-service/users/../auth/login",
        "/api/user-service/users/%2e%2e/auth/login",
        "/api/user-service/users/..;/auth/login",
        "/api/user-service/users%2f..%2fauth/login",
        "/api/user-service/auth;x=1/login",
        "/api/user-service/auth%2flogin",
        "/api/user-service\\auth\\login",
        "/api/user-service/health",
        "/api/user-service/health/ready",
        "/api/user-service/metrics",
        "/api/order-service/health",
        "/api/order-service/%68ealth",
        "/api/product-service/reservations",
        "/api/product-service/reservations/",
        "/api/product-service/Reservations",
        "/api/product-service/reserv%61tions",
        "/api/product-service/products/../reservations",
        "/api/products/../reservations",
        "/api/products/%2e%2e/reservations",
        "/reservations",
        "/auth/login",
        "/users",
        "/metrics",
      })
  void internalPathsCannotBeReached(String path) {
    for (HttpMethod method : List.of(HttpMethod.GET, HttpMethod.POST)) {
      for (Caller caller : List.of(bob, stoa.admin())) {
        JsonObject body =
            method == HttpMethod.POST ? Shop.credentials(bob.username(), bob.password()) : null;
        Answer answer = caller.call(method, path, body);
        assertTrue(List.of(400, 404).contains(answer.status()), answer::toString);
      }
    }
  }

  @Test
  void internalOperationsAreForServicesOnly(Vertx vertx) {
    String anOrder = id();
    JsonObject settlement =
        new JsonObject().put("payment_id", payment).put("amount", 5).put("currency", "USD");
    JsonObject reservation = Shop.basket(anOrder, 1).put("order_id", anOrder);
    JsonObject lookup = new JsonObject().put("product_ids", new JsonArray().add(anOrder));
    Ports ports = stoa.ports();
    try (Shop orders = new Shop(vertx, ports.orders());
        Shop products = new Shop(vertx, ports.products());
        Shop payments = new Shop(vertx, ports.payments())) {
      for (Caller caller : List.of(bob, ann, stoa.admin())) {
        caller
            .post("/api/orders/" + anOrder + "/settle", settlement)
            .expectProblem(403, "forbidden");
        caller
            .post("/api/order-service/orders/" + anOrder + "/settle", settlement)
            .expectProblem(403, "forbidden");
        caller.post("/api/products/lookup", lookup).expectProblem(403, "forbidden");
        caller
            .post("/api/payments/orders/" + anOrder + "/refund", null)
            .expectProblem(403, "forbidden");

        String token = caller.token().orElseThrow();
        orders
            .visitor()
            .with(token)
            .post("/orders/" + anOrder + "/settle", settlement)
            .expectProblem(403, "forbidden");
        Caller direct = products.visitor().with(token);
        direct.post("/reservations", reservation).expectProblem(403, "forbidden");
        direct.post("/reservations/" + anOrder + "/commit", null).expectProblem(403, "forbidden");
        direct.post("/reservations/" + anOrder + "/release", null).expectProblem(403, "forbidden");
        payments
            .visitor()
            .with(token)
            .post("/payments/orders/" + anOrder + "/refund", null)
            .expectProblem(403, "forbidden");
      }
    }
  }

  @Test
  void nobodyIsGivenTheRoleOfAService() {
    JsonArray service = new JsonArray().add("service");

    stoa.admin()
        .post("/api/users", Shop.credentials("a-service", "a long password").put("roles", service))
        .expectInvalid("roles.0");
    stoa.admin()
        .put("/api/users/" + bob.userId(), new JsonObject().put("roles", service))
        .expectInvalid("roles.0");
    stoa.shop()
        .visitor()
        .post(
            "/api/auth/register",
            Shop.credentials("a-service", "a long password").put("roles", service))
        .expectInvalid("roles");
  }
}
