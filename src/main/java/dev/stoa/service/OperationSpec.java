package dev.stoa.service;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a contract says of one operation beside its schemas.
 *
 * @param path the template, {@code /users/{id}}
 * @param open whether it may be called without a token ({@code security: []}); closed is the
 *     default
 * @param keyed whether it heeds an Idempotency-Key: a POST that does not say {@code x-idempotency:
 *     false}
 * @param roles any of these is needed ({@code x-roles}); empty where every identity will do
 */
record OperationSpec(
    String operationId,
    HttpMethod method,
    String path,
    boolean open,
    boolean keyed,
    Set<String> roles) {

  static OperationSpec of(OpenAPIContract contract, Operation operation) {
    JsonObject model = operation.getOpenAPIModel();
    JsonArray security =
        model.getJsonArray("security", contract.getRawContract().getJsonArray("security"));
    Set<String> roles = new TreeSet<>();
    model.getJsonArray("x-roles", new JsonArray()).forEach(role -> roles.add(role.toString()));
    return new OperationSpec(
        operation.getOperationId(),
        operation.getHttpMethod(),
        operation.getOpenAPIPath(),
        security != null && security.isEmpty(),
        operation.getHttpMethod() == HttpMethod.POST && model.getBoolean("x-idempotency", true),
        Set.copyOf(roles));
  }
}
