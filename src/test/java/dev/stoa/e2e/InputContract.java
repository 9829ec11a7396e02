package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent: what is no good input is refused by name, and nothing is ever a 500. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class InputContract {
  private static final String NOWHERE = "01890000-0000-7000-8000-000000000000";

  /** Everything that takes a body, with one that is well-formed. */
  private static final List<Write> WRITES =
      List.of(
          new Write("POST", "/api/auth/register", credentials().put("email", "a@example.org")),
          new Write("POST", "/api/auth/login", credentials()),
          new Write(
              "POST", "/api/users", credentials().put("roles", new JsonArray().add("customer"))),
          new Write(
              "PUT",
              "/api/users/" + NOWHERE,
              credentials().put("current_password", "x").put("email", "a@example.org")),
          new Write("POST", "/api/products", product()),
          new Write("PUT", "/api/products/" + NOWHERE, product()),
          new Write(
              "PUT", "/api/products/" + NOWHERE + "/stock", new JsonObject().put("quantity", 1)),
          new Write("POST", "/api/orders", Shop.basket(NOWHERE, 1)),
          new Write(
              "PUT",
              "/api/orders/" + NOWHERE + "/status",
              new JsonObject().put("status", "shipped")),
          new Write(
              "POST",
              "/api/payments",
              new JsonObject()
                  .put("order_id", NOWHERE)
                  .put("payment_method", "card")
                  .put("amount", 1)),
          new Write(
              "POST", "/api/payments/" + NOWHERE + "/refund", new JsonObject().put("amount", 1)));

  private static final List<Object> ODD_VALUES =
      Arrays.asList(
          null,
          true,
          -1,
          1.5,
          1.005,
          Long.MAX_VALUE,
          1e300,
          "",
          " ",
          "\u0000",
          "\n",
          "\ud83d\ude00",
          "x".repeat(10_000),
          "%00'\"--",
          new JsonArray(),
          new JsonArray().addNull(),
          new JsonArray().add(new JsonObject()),
          new JsonObject(),
          new JsonObject().put("$ref", "#"));

  private final TestedShop stoa;

  InputContract(TestedShop stoa) {
    this.stoa = stoa;
  }

  record Write(String method, String target, JsonObject body) {
    Answer with(Buffer bytes, TestedShop stoa) {
      return stoa.admin().send(HttpMethod.valueOf(method), target, "application/json", bytes);
    }

    @Override
    public String toString() {
      return method + " " + target;
    }
  }

  private static JsonObject product() {
    return new JsonObject()
        .put("name", "n")
        .put("description", "d")
        .put("price", 1)
        .put("stock", 1)
        .put("currency", "EUR");
  }

  private static JsonObject credentials() {
    return Shop.credentials("somebody", "a long password");
  }

  static List<Write> writes() {
    return WRITES;
  }

  @ParameterizedTest
  @MethodSource("writes")
  void whatIsNoJsonObjectIsMalformed(Write write) {
    String good = write.body().encode();
    List<Buffer> bodies = new ArrayList<>();
    for (String text :
        List.of(
            "null",
            "true",
            "1",
            "\"x\"",
            "[]",
            "[" + good + "]",
            "{",
            "}",
            good.substring(1),
            good + "x",
            good + good,
            good + "// end",
            "/* start */" + good,
            good.replaceFirst("}$", ",}"),
            good.replace('"', '\''),
            good.replaceFirst("\"", ""),
            "\u0000",
            "\uFEFF{",
            "{\"a\": NaN}",
            "{\"a\": 01}",
            "{\"a\": \"\n\"}",
            "{\"a\": \"\\x\"}",
            "{\"a\": 1, \"a\": 2}",
            "{\"a\":".repeat(2_000),
            "[".repeat(2_000),
            "{\"a\": " + "9".repeat(5_000) + "}",
            "a=1&b=2",
            "<xml/>")) {
      bodies.add(Buffer.buffer(text));
    }
    bodies.add(Buffer.buffer(good.getBytes(StandardCharsets.UTF_16LE)));
    bodies.add(Buffer.buffer(new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0, '"', ':', '1', '}'}));

    for (Buffer body : bodies) {
      write.with(body, stoa).expectProblem(400, "malformed-request");
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void anEmptyBodyIsMalformedWhereOneIsNeeded(Write write) {
    if (!write.target().endsWith("/refund")) {
      write.with(Buffer.buffer(), stoa).expectProblem(400, "malformed-request");
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void oddValuesOfAnyFieldAreNeverAnError(Write write) {
    for (String field : write.body().fieldNames()) {
      for (Object odd : ODD_VALUES) {
        Answer answer = write.with(write.body().copy().put(field, odd).toBuffer(), stoa);
        assertTrue(answer.status() < 500, () -> field + " = " + odd + ": " + answer);
        if (answer.status() == 400) {
          answer.expectProblem(400, "invalid-input");
          assertTrue(
              answer.fieldsAtFault().stream().allMatch(name -> name.startsWith(field)),
              answer::toString);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("writes")
  void fieldsThatAreMissingOrUnknownAreNamed(Write write) {
    write.with(write.body().copy().put("surprise", 1).toBuffer(), stoa).expectInvalid("surprise");

    Map<String, List<String>> required =
        Map.of(
            "POST /api/auth/register",
            List.of("password", "username"),
            "POST /api/auth/login",
            List.of("password", "username"),
            "POST /api/users",
            List.of("password", "username"),
            "POST /api/products",
            List.of("name", "price", "stock"),
            "PUT /api/products/" + NOWHERE + "/stock",
            List.of("quantity"),
            "POST /api/orders",
            List.of("items"),
            "PUT /api/orders/" + NOWHERE + "/status",
            List.of("status"),
            "POST /api/payments",
            List.of("amount", "order_id", "payment_method"));
    if (required.containsKey(write.toString())) {
      write
          .with(Buffer.buffer("{}"), stoa)
          .expectInvalid(required.get(write.toString()).toArray(String[]::new));
    }
  }

  @Test
  void theItemsOfAnOrderAreNamedOneByOne() {
    JsonArray items =
        new JsonArray()
            .add(new JsonObject().put("product_id", NOWHERE).put("quantity", 0))
            .add(new JsonObject().put("product_id", "x").put("quantity", 1))
            .add(new JsonObject().put("quantity", 1.5).put("product_id", NOWHERE))
            .add(new JsonObject())
            .add(1);

    stoa.admin()
        .post("/api/orders", new JsonObject().put("items", items))
        .expectInvalid(
            "items.0.quantity",
            "items.1.product_id",
            "items.2.quantity",
            "items.3.product_id",
            "items.3.quantity",
            "items.4");
    JsonObject item = new JsonObject().put("product_id", NOWHERE).put("quantity", 1);
    stoa.admin()
        .post("/api/orders", new JsonObject().put("items", new JsonArray().add(item).add(item)))
        .expectInvalid("items.1.product_id");
    stoa.admin()
        .post("/api/orders", new JsonObject().put("items", new JsonArray()))
        .expectInvalid("items");
  }

  @Test
  void moneyHasTwoDecimalsAndAnEnd() {
    for (String price : List.of("-0.01", "0.001", "1000000000000.01", "1e13", "1e400", "\"1\"")) {
      Buffer body = Buffer.buffer("{\"name\": \"n\", \"stock\": 1, \"price\": " + price + "}");
      stoa.admin()
          .send(HttpMethod.POST, "/api/products", "application/json", body)
          .expectInvalid("price");
    }
    for (String price : List.of("0", "0.10", "1e2", "1000000000000", "19.90")) {
      Buffer body = Buffer.buffer("{\"name\": \"n\", \"stock\": 1, \"price\": " + price + "}");
      stoa.admin().send(HttpMethod.POST, "/api/products", "application/json", body).expect(201);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/api/products?limit=0, limit",
    "/api/products?limit=101, limit",
    "/api/products?limit=ten, limit",
    "/api/products?limit=1&limit=2, limit",
    "/api/products?limit=99999999999999999999, limit",
    "/api/products?cursor=%21, cursor",
    "/api/products?cursor=, cursor",
    "/api/products/search, q",
    "/api/products/search?q=, q",
    "/api/products/search?q=%00, q",
    "/api/orders?status=lost, status",
    "/api/orders?user_id=1, user_id",
    "/api/orders?cursor=AAAA%00, cursor",
    "/api/orders/1, order_id",
    "/api/payments/1%27, payment_id",
    "/api/users/me, id",
    "/api/products/1, id",
  })
  void parametersAtFaultAreNamed(String target, String field) {
    stoa.admin().get(target).expectInvalid(field);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/products/%zz",
    "/api/products/%",
    "/api/products/search?q=%zz",
    "/api/products/search?q=%ff%fe",
    "/api/products/%ff",
    "/api/products/..%2f..%2fauth",
    "/api/products/../orders",
    "/api/products//x",
    "/api/products/a%00b",
  })
  void oddTargetsAreNeverAnError(String target) {
    Answer answer = stoa.admin().get(target);

    assertTrue(answer.status() < 500, answer::toString);
  }
}
