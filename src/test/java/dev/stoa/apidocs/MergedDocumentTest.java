package dev.stoa.apidocs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MergedDocumentTest {
  private static final String GATEWAY =
      """
      {"tags": [{"name": "auth"}],
       "paths": {"/api/auth/login": {"post": {"operationId": "login"}}},
       "components": {"schemas": {"Id": {"type": "string"}},
         "securitySchemes": {"bearerAuth": {"type": "http"}}}}
      """;

  private static final String BOOKS =
      """
      {"tags": [{"name": "books", "description": "Read them."}],
       "paths": {"/books/{id}": {
         "parameters": [{"name": "id", "in": "path"}],
         "get": {"operationId": "getBook", "tags": ["books"], "security": [],
           "responses": {"200": {"$ref": "#/components/responses/Thing"}}},
         "delete": {"operationId": "login", "tags": ["books"], "x-internal": true,
           "responses": {}}}},
       "components": {
         "responses": {"Thing": {"schema": {"$ref": "#/components/schemas/Thing"}}},
         "schemas": {"Id": {"type": "string"},
           "Thing": {"id": {"$ref": "#/components/schemas/Id"},
             "parts": {"$ref": "#/components/schemas/Thing"}, "pages": "TYPE"}}}}
      """;

  @Test
  void theSamePartIsThereOnceAndDifferentPartsOfOneNameGetTwo() {
    MergedDocument merged = new MergedDocument(new JsonObject(GATEWAY));

    merged.add("book-service", new JsonObject(BOOKS.replace("TYPE", "one")), at("/api", false));
    merged.add("old-service", new JsonObject(BOOKS.replace("TYPE", "two")), at("/old", false));

    JsonObject components = merged.toJson().getJsonObject("components");
    assertEquals(
        Set.of("Id", "Thing", "OldThing"), components.getJsonObject("schemas").fieldNames());
    JsonObject old = components.getJsonObject("schemas").getJsonObject("OldThing");
    assertEquals("#/components/schemas/OldThing", reference(old.getJsonObject("parts")));
    assertEquals("#/components/schemas/Id", reference(old.getJsonObject("id")));
    JsonObject answer = get(merged, "/old/books/{id}").getJsonObject("responses");
    assertEquals("#/components/responses/OldThing", reference(answer.getJsonObject("200")));
  }

  @Test
  void twoWaysToOneOperationAreTwoOperations() {
    MergedDocument merged = new MergedDocument(new JsonObject(GATEWAY));
    Way.Finder two =
        (method, path) ->
            List.of(
                new Way("/api" + path, "new", false, Set.of(), false),
                new Way("/old" + path, "old-1", false, Set.of(), false));

    merged.add("book-service", new JsonObject(BOOKS), two);

    assertEquals("getBook", get(merged, "/api/books/{id}").getString("operationId"));
    assertEquals("getBook_old_1", get(merged, "/old/books/{id}").getString("operationId"));
  }

  @Test
  void whatTheWayAsksForIsSaidOfTheOperation() {
    MergedDocument merged = new MergedDocument(new JsonObject(GATEWAY));

    merged.add("book-service", new JsonObject(BOOKS), at("/api", true));

    JsonObject operation = get(merged, "/api/books/{id}");
    assertEquals("id", operation.getJsonArray("parameters").getJsonObject(0).getString("name"));
    assertEquals(
        new JsonArray().add(new JsonObject().put("bearerAuth", new JsonArray())),
        operation.getJsonArray("security"));
    assertTrue(
        operation
            .getJsonObject("responses")
            .fieldNames()
            .containsAll(Set.of("200", "401", "403", "429", "502", "503", "504")));
    assertEquals(new JsonArray().add("admin"), operation.getJsonArray("x-route-roles"));
  }

  @Test
  void whatIsInternalAndWhatNoWayLeadsToIsLeftOut() {
    MergedDocument merged = new MergedDocument(new JsonObject(GATEWAY));

    merged.add("book-service", new JsonObject(BOOKS), at("/api", false));
    merged.add("lost-service", new JsonObject(BOOKS), (method, path) -> List.of());

    JsonObject paths = merged.toJson().getJsonObject("paths");
    assertEquals(Set.of("/api/auth/login", "/api/books/{id}"), paths.fieldNames());
    assertFalse(paths.getJsonObject("/api/books/{id}").containsKey("delete"));
    assertEquals(2, merged.toJson().getJsonArray("tags").size());
  }

  private static Way.Finder at(String prefix, boolean guarded) {
    return (HttpMethod method, String path) ->
        List.of(
            new Way(prefix + path, "r", guarded, guarded ? Set.of("admin") : Set.of(), guarded));
  }

  private static JsonObject get(MergedDocument merged, String path) {
    return merged.toJson().getJsonObject("paths").getJsonObject(path).getJsonObject("get");
  }

  private static String reference(JsonObject part) {
    return part.getString("$ref");
  }
}
