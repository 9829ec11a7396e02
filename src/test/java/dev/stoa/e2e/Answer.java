package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;

/** What came back over HTTP, and what was asked. */
record Answer(HttpMethod method, String target, HttpResponse<Buffer> http) {

  int status() {
    return http.statusCode();
  }

  String header(String name) {
    return http.getHeader(name);
  }

  JsonObject json() {
    return http.bodyAsJsonObject();
  }

  /** The field of that name in the body. */
  String text(String field) {
    return json().getString(field);
  }

  /** The list in a page of a list. */
  List<JsonObject> items() {
    return json().getJsonArray("items").stream().map(JsonObject.class::cast).toList();
  }

  /** The names of the fields at fault. */
  List<String> fieldsAtFault() {
    return json().getJsonArray("errors", new JsonArray()).stream()
        .map(error -> ((JsonObject) error).getString("field"))
        .collect(Collectors.toList());
  }

  Answer expect(int status) {
    assertEquals(status, status(), this::toString);
    return this;
  }

  /** A complete problem (RFC 9457, and the members of the contract) of that type. */
  Answer expectProblem(int status, String type) {
    expect(status);
    assertEquals("application/problem+json", header("Content-Type"), this::toString);
    JsonObject problem = json();
    assertEquals("/problems/" + type, problem.getString("type"), this::toString);
    assertEquals(status, problem.getInteger("status"), this::toString);
    for (String member : List.of("title", "detail", "instance", "request_id")) {
      assertFalse(problem.getString(member, "").isBlank(), () -> member + " in " + this);
    }
    assertEquals(problem.getString("title"), problem.getString("error"), this::toString);
    assertEquals(header("X-Request-Id"), problem.getString("request_id"), this::toString);
    assertEquals(target.split("\\?")[0], problem.getString("instance"), this::toString);
    return this;
  }

  /** Invalid input, naming exactly these fields. */
  Answer expectInvalid(String... fields) {
    expectProblem(400, "invalid-input");
    assertEquals(
        List.of(fields), fieldsAtFault().stream().distinct().sorted().toList(), this::toString);
    return this;
  }

  @Override
  public String toString() {
    return method
        + " "
        + target
        + " → "
        + status()
        + " "
        + http.headers()
        + "\n"
        + http.bodyAsString();
  }
}
