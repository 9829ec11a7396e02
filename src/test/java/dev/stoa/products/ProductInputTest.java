package dev.stoa.products;

import static dev.stoa.service.ServiceHarness.problem;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.stoa.config.Live;
import dev.stoa.service.ServiceHarness;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the product service takes and refuses; one service for all cases. */
@ExtendWith(VertxExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProductInputTest {
  private ServiceHarness service;
  private String admin;

  @BeforeAll
  void start(Vertx vertx, @TempDir Path directory) {
    service = new ServiceHarness(vertx, ProductsVerticle.SERVICE, directory);
    service.deploy(
        new ProductsVerticle(
            service.chassis(),
            service.config(),
            service.databases(),
            Live.fixed(new ProductsConfig("EUR"))));
    admin = service.admin();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'price':1,'stock':1} | name",
        "{'name':'','price':1,'stock':1} | name",
        "{'name':'\u2003 ','price':1,'stock':1} | name",
        "{'name':'a\\nb','price':1,'stock':1} | name",
        "{'name':'ab\\n','price':1,'stock':1} | name",
        "{'name':'a\\u0000','price':1,'stock':1} | name",
        "{'name':null,'price':1,'stock':1} | name",
        "{'name':7,'price':1,'stock':1} | name",
        "{'name':'a','description':'\\u0000','price':1,'stock':1} | description",
        "{'name':'a','stock':1} | price",
        "{'name':'a','price':-0.01,'stock':1} | price",
        "{'name':'a','price':1.005,'stock':1} | price",
        "{'name':'a','price':0.000000000000000000000000000001,'stock':1} | price",
        "{'name':'a','price':1000000000000.01,'stock':1} | price",
        "{'name':'a','price':1e60,'stock':1} | price",
        "{'name':'a','price':1e300,'stock':1} | price",
        "{'name':'a','price':'1','stock':1} | price",
        "{'name':'a','price':true,'stock':1} | price",
        "{'name':'a','price':1} | stock",
        "{'name':'a','price':1,'stock':-1} | stock",
        "{'name':'a','price':1,'stock':1.5} | stock",
        "{'name':'a','price':1,'stock':1000000001} | stock",
        "{'name':'a','price':1,'stock':99999999999999999999999} | stock",
        "{'name':'a','price':1,'stock':'5'} | stock",
        "{'name':'a','price':1,'stock':1,'currency':'usd'} | currency",
        "{'name':'a','price':1,'stock':1,'currency':'USD\\n'} | currency",
        "{'name':'a','price':1,'stock':1,'colour':'red'} | colour",
        "{'name':'a','price':1,'stock':1,'product_id':'x'} | product_id",
      })
  void refusesInvalidProductsNamingTheField(String json, String field) {
    assertEquals(
        "400 invalid-input " + field,
        problem(service.post("/products", admin, json.replace('\'', '"'))),
        json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0.1", "0.29", "1.10", "19.99", "999999999999.99", "1e3", "5.000"})
  void keepsPricesExactly(String price) {
    JsonObject body = new JsonObject("{\"name\":\"a\",\"stock\":0,\"price\":" + price + "}");

    JsonObject made = service.post("/products", admin, body).bodyAsJsonObject();

    assertEquals(Double.parseDouble(price), made.getDouble("price"));
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=101, limit",
    "limit=ten, limit",
    "cursor=%F0%9F, cursor",
    "cursor=!, cursor",
    "cursor=, cursor",
    "cursor=AAAA, cursor",
  })
  void refusesPagesThatCannotBe(String query, String field) {
    assertEquals("400 invalid-input " + field, problem(service.get("/products?" + query, null)));
    assertEquals(
        "400 invalid-input " + field, problem(service.get("/products/search?q=a&" + query, null)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "description"})
  void answersLoneSurrogatesWithoutABug(String field) {
    String json = "{\"name\":\"a\",\"price\":1,\"stock\":1,\"" + field + "\":\"a\\ud800\"}";

    assertNotEquals(500, service.post("/products", admin, json).statusCode());
  }
}
