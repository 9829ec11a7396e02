package dev.stoa.products;

import static dev.stoa.service.ServiceHarness.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.stoa.config.Live;
import dev.stoa.service.ServiceHarness;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ProductServiceTest {
  private static final String NOBODYS = "0190b2a0-0000-7000-8000-000000000404";

  private ServiceHarness service;
  private String admin;

  @BeforeEach
  void start(Vertx vertx, @TempDir Path directory) {
    service = new ServiceHarness(vertx, ProductsVerticle.SERVICE, directory);
    service.deploy(verticle());
    admin = service.admin();
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void addsAProductAndReadsItBack() {
    JsonObject product =
        new JsonObject()
            .put("name", " Teapot ")
            .put("description", "Red.\nHolds tea.")
            .put("price", 19.99)
            .put("stock", 5);

    HttpResponse<Buffer> made = service.post("/products", admin, product);

    assertEquals(201, made.statusCode(), made.bodyAsString());
    JsonObject body = made.bodyAsJsonObject();
    String id = body.getString("product_id");
    assertEquals("products/" + id, made.getHeader("Location"));
    assertEquals("Teapot", body.getString("name"));
    assertEquals("Red.\nHolds tea.", body.getString("description"));
    assertEquals(19.99, body.getDouble("price"));
    assertEquals(5, body.getInteger("stock"));
    assertEquals("EUR", body.getString("currency"));
    assertEquals(body, service.get("/products/" + id, null).bodyAsJsonObject());
    assertEquals(
        body, service.get("/products/" + id.toUpperCase(Locale.ROOT), null).bodyAsJsonObject());
  }

  @Test
  void onlyAdminsChangeAndOnlyServicesReserve() {
    String id = add("Teapot", 1, 5);
    String customer = service.user("0190b2a0-0000-7000-8000-000000000001", "customer");
    JsonObject empty = new JsonObject();

    for (String path : List.of("/products/" + id, "/products/" + id + "/stock")) {
      assertEquals("401 missing-token", problem(service.put(path, null, empty)));
      assertEquals("403 forbidden", problem(service.put(path, customer, empty)));
    }
    assertEquals("401 missing-token", problem(service.post("/products", null, empty)));
    assertEquals("403 forbidden", problem(service.post("/products", customer, empty)));
    for (String path :
        List.of(
            "/products/lookup",
            "/reservations",
            "/reservations/" + NOBODYS + "/commit",
            "/reservations/" + NOBODYS + "/release")) {
      assertEquals("401 missing-token", problem(service.post(path, null, empty)));
      assertEquals("403 forbidden", problem(service.post(path, customer, empty)));
      assertEquals("403 forbidden", problem(service.post(path, admin, empty)));
    }
  }

  @Test
  void changesWhatIsGivenAndKeepsTheRest() {
    String id = add("Teapot", 19.99, 5);

    JsonObject after =
        service
            .put("/products/" + id, admin, new JsonObject().put("price", 21.5))
            .bodyAsJsonObject();

    assertEquals("Teapot", after.getString("name"));
    assertEquals(21.5, after.getDouble("price"));
    assertEquals(5, after.getInteger("stock"));
    service.put("/products/" + id, admin, new JsonObject().put("name", "Kettle").put("stock", 9));
    JsonObject read = service.get("/products/" + id, null).bodyAsJsonObject();
    assertEquals("Kettle", read.getString("name"));
    assertEquals(9, read.getInteger("stock"));
    assertEquals(List.of("Kettle"), search("kett"));
    assertEquals(List.of(), search("teapot"));
  }

  @Test
  void knowsWhatIsNotThere() {
    JsonObject change = new JsonObject().put("stock", 1);
    JsonObject take = new JsonObject().put("quantity", 1);

    assertEquals("404 not-found", problem(service.get("/products/" + NOBODYS, null)));
    assertEquals("404 not-found", problem(service.put("/products/" + NOBODYS, admin, change)));
    assertEquals(
        "404 not-found", problem(service.put("/products/" + NOBODYS + "/stock", admin, take)));
    for (String id : List.of("1", "abc", "%00", NOBODYS + "%0A", "..%2F", "%F0%9F%98%80")) {
      assertEquals("400 invalid-input id", problem(service.get("/products/" + id, null)), id);
    }
  }

  @Test
  void pagesThroughAllProductsOnce() {
    List<String> added = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      added.add(add("p" + i, 1, i));
    }

    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = service.get("/products?limit=3" + cursor, null).bodyAsJsonObject();
      page.getJsonArray("items")
          .forEach(item -> seen.add(((JsonObject) item).getString("product_id")));
      cursor =
          page.getString("next_cursor") == null ? null : "&cursor=" + page.getString("next_cursor");
    } while (cursor != null);

    assertEquals(added, seen);
  }

  @Test
  void searchesInAnyScriptWithoutCase() {
    for (String name :
        List.of("Große STRASSE", "ΟΔΥΣΣΕΥΣ", "Кофе Арабика", "ÉCLAIR", "日本茶", "Teapot 😀 blue")) {
      add(name, 1, 1);
    }

    assertEquals(List.of("Große STRASSE"), search("straße"));
    assertEquals(List.of("Große STRASSE"), search("GROSSE"));
    assertEquals(List.of("ΟΔΥΣΣΕΥΣ"), search("οδυσσευς"));
    assertEquals(List.of("ΟΔΥΣΣΕΥΣ"), search("δυσ"));
    assertEquals(List.of("Кофе Арабика"), search("КОФЕ а"));
    assertEquals(List.of("ÉCLAIR"), search("éclair"));
    assertEquals(List.of("ÉCLAIR"), search("e\u0301clair"));
    assertEquals(List.of("日本茶"), search("本"));
    assertEquals(List.of("Teapot 😀 blue"), search("😀"));
    assertEquals(List.of(), search("coffee"));
  }

  @Test
  void takesEveryCharacterOfASearchAsItStands() {
    for (String name :
        List.of("100% wool", "100 wool", "a_b", "axb", "c!d", "e\\f", "it's", "[x]")) {
      add(name, 1, 1);
    }

    assertEquals(List.of("100% wool"), search("0%"));
    assertEquals(List.of("100% wool"), search("%"));
    assertEquals(List.of("a_b"), search("_"));
    assertEquals(List.of("c!d"), search("!"));
    assertEquals(List.of("e\\f"), search("\\"));
    assertEquals(List.of("it's"), search("'"));
    assertEquals(List.of("[x]"), search("[X"));
    assertEquals(List.of(), search("' OR '1'='1"));
    assertEquals("400 invalid-input q", problem(service.get("/products/search?q=", null)));
    assertEquals("400 invalid-input q", problem(service.get("/products/search", null)));
    assertEquals("400 invalid-input q", problem(service.get("/products/search?q=%00", null)));
    assertEquals(
        "400 invalid-input q", problem(service.get("/products/search?q=" + "a".repeat(201), null)));
  }

  @Test
  void takesStockAndPutsBackButNeverBelowZero() {
    String path = "/products/" + add("Teapot", 1, 5) + "/stock";

    assertEquals(2, quantity(path, 3).bodyAsJsonObject().getInteger("stock"));
    assertEquals("409 insufficient-stock quantity", problem(quantity(path, 3)));
    assertEquals(6, quantity(path, -4).bodyAsJsonObject().getInteger("stock"));
    assertEquals(0, quantity(path, 6).bodyAsJsonObject().getInteger("stock"));
    assertEquals("400 invalid-input quantity", problem(quantity(path, 0)));
    assertEquals("400 invalid-input quantity", problem(quantity(path, 1_000_000_001L)));
    assertEquals("400 invalid-input quantity", problem(service.put(path, admin, new JsonObject())));
  }

  @Test
  void sellsExactlyWhatIsThereToManyAtOnce() {
    String id = add("Teapot", 1, 100);
    JsonObject one = new JsonObject().put("quantity", 1);

    List<HttpResponse<Buffer>> answers =
        ServiceHarness.atOnce(
            200, i -> service.send(HttpMethod.PUT, "/products/" + id + "/stock", admin, one));

    assertEquals(100, answers.stream().filter(a -> a.statusCode() == 200).count());
    assertEquals(100, answers.stream().filter(a -> a.statusCode() == 409).count());
    assertEquals(0, service.get("/products/" + id, null).bodyAsJsonObject().getInteger("stock"));
  }

  @Test
  void looksUpSeveralAtOnce() {
    String one = add("one", 1, 1);
    String two = add("two", 2, 2);
    JsonObject body =
        new JsonObject().put("product_ids", new JsonArray().add(two).add(NOBODYS).add(one));

    HttpResponse<Buffer> found = service.post("/products/lookup", service.service(), body);

    assertEquals(200, found.statusCode(), found.bodyAsString());
    assertEquals(List.of("one", "two"), names(found));
    body.getJsonArray("product_ids").add("no-id");
    assertEquals(
        "400 invalid-input product_ids.3",
        problem(service.post("/products/lookup", service.service(), body)));
  }

  @Test
  void keepsEverythingOverARestart() {
    String id = add("Teapot", 19.99, 5);
    JsonObject before = service.get("/products/" + id, null).bodyAsJsonObject();

    service.undeploy();
    service.deploy(verticle());

    assertEquals(before, service.get("/products/" + id, null).bodyAsJsonObject());
    assertNull(service.get("/products", null).bodyAsJsonObject().getString("next_cursor"));
  }

  private ProductsVerticle verticle() {
    return new ProductsVerticle(
        service.chassis(),
        service.config(),
        service.databases(),
        Live.fixed(new ProductsConfig("EUR")));
  }

  private HttpResponse<Buffer> quantity(String path, long quantity) {
    return service.put(path, admin, new JsonObject().put("quantity", quantity));
  }

  private String add(String name, double price, long stock) {
    JsonObject body = new JsonObject().put("name", name).put("price", price).put("stock", stock);
    HttpResponse<Buffer> made = service.post("/products", admin, body);
    assertEquals(201, made.statusCode(), made.bodyAsString());
    return made.bodyAsJsonObject().getString("product_id");
  }

  private List<String> search(String text) {
    return names(
        service.get("/products/search?q=" + URLEncoder.encode(text, StandardCharsets.UTF_8), null));
  }

  private static List<String> names(HttpResponse<Buffer> page) {
    assertEquals(200, page.statusCode(), page.bodyAsString());
    return page.bodyAsJsonObject().getJsonArray("items").stream()
        .map(item -> ((JsonObject) item).getString("name"))
        .toList();
  }
}
