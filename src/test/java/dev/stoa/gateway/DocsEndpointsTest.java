package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.apidocs.SwaggerUi;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DocsEndpointsTest {
  private static final String PRODUCTS =
      """
      {"name": "products", "path": "/api/products/*", "target": "http://product-service",
       "methods": ["GET"], "auth": "optional"}""";

  private GatewayFixture gateway;

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void theDocumentTellsWhatIsRoutedAndNothingElse() throws IOException {
    start(PRODUCTS);

    Set<String> paths = paths(gateway.get("/api/openapi.json").send());

    assertEquals(
        Set.of(
            "/api/products",
            "/api/products/search",
            "/api/products/{id}",
            "/api/products/{id}/movements"),
        without(paths, OwnEndpoints.PATHS));
    JsonObject products =
        gateway
            .get("/api/openapi.json")
            .send()
            .json()
            .getJsonObject("paths")
            .getJsonObject("/api/products");
    assertFalse(products.containsKey("post"), "the route takes no POST");
  }

  @Test
  void everyPathOfTheGatewayItselfIsInTheDocument() throws IOException {
    start(PRODUCTS);

    Set<String> paths = paths(gateway.get("/api/openapi.json").send());

    Set<String> undocumented = without(OwnEndpoints.PATHS, paths);
    undocumented.removeIf(path -> path.startsWith("/problems/"));
    undocumented.removeAll(SwaggerUi.PATHS);
    assertEquals(Set.of(), undocumented);
  }

  @Test
  void aPrefixThatIsCutAndAPathThatIsRewrittenAreWrittenAsClientsSendThem() throws IOException {
    start(
        """
        {"name": "goods", "path": "/shop/goods/*", "target": "http://product-service",
         "strip_prefix": "/shop", "rewrite": {"from": "/goods", "to": "/products"}}""");

    Set<String> paths = paths(gateway.get("/api/openapi.json").send());

    assertTrue(
        paths.containsAll(Set.of("/shop/goods", "/shop/goods/{id}", "/shop/goods/search")),
        paths::toString);
    assertFalse(paths.contains("/api/products"));
  }

  @Test
  void aServiceWithoutARouteIsUnderItsNameOnceItIsKnown() throws IOException {
    start(PRODUCTS);
    String before = gateway.get("/api/openapi.json").send().header("ETag");

    gateway.register("user-service");

    RawResponse after = gateway.get("/api/openapi.json").send();
    assertTrue(paths(after).contains("/api/user-service/users/{id}"));
    assertFalse(paths(after).contains("/api/user-service/auth/login"), "internal");
    assertFalse(before.equals(after.header("ETag")));
  }

  @Test
  void whoHasItAlreadyIsToldSoUntilTheRoutesChange() throws IOException {
    start(PRODUCTS);
    String etag = gateway.get("/api/openapi.json").send().header("ETag");

    assertEquals(304, ifNoneMatch(etag).status());
    gateway.reload(routes(PRODUCTS.replace("[\"GET\"]", "[\"GET\", \"POST\"]")));

    assertEquals(200, ifNoneMatch(etag).status());
  }

  @Test
  void thePageLoadsOnlyWhatIsServedBesideIt() throws IOException {
    start(PRODUCTS);

    RawResponse page = gateway.get("/api/docs").send();

    assertEquals("text/html; charset=utf-8", page.header("Content-Type"));
    assertTrue(page.header("Content-Security-Policy").contains("script-src 'self';"));
    assertFalse(page.body().matches("(?s).*<script>.*|.*https?://.*|.* on[a-z]+=.*"));
    for (String path : SwaggerUi.PATHS) {
      assertEquals(200, gateway.request("HEAD", path).send().status(), path);
    }
  }

  @Test
  void theTypeOfAProblemLeadsToItsPage() throws IOException {
    start(PRODUCTS);
    String type = gateway.get("/nowhere").send().json().getString("type");

    RawResponse data = gateway.get(type).send();
    RawResponse page = gateway.get(type).header("Accept", "text/html").send();

    assertEquals("No such route", data.json().getString("title"));
    assertTrue(page.body().contains("<h1>No such route"));
  }

  private void start(String route) {
    gateway = new GatewayFixture(routes(route));
    gateway.register("product-service");
  }

  private static String routes(String route) {
    return "{\"routes\": [" + route + "]}";
  }

  private RawResponse ifNoneMatch(String etag) throws IOException {
    return gateway.get("/api/openapi.json").header("If-None-Match", etag).send();
  }

  private static Set<String> paths(RawResponse document) {
    return document.json().getJsonObject("paths").fieldNames();
  }

  private static Set<String> without(Set<String> all, Set<String> some) {
    Set<String> rest = new TreeSet<>(all);
    rest.removeAll(some);
    rest.removeIf(path -> path.startsWith("/problems/"));
    return rest;
  }
}
