package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractFileTest {
  private static final byte[] SMALL = yaml("/small");
  private static final byte[] OTHER = yaml("/other");

  @ParameterizedTest
  @ValueSource(strings = {"user-service", "product-service", "order-service", "payment-service"})
  void theBuildLeavesOfAContractWhatTheYamlSays(String service) throws IOException {
    byte[] written = resource("openapi/" + service + ".yaml");
    byte[] compiled = resource("openapi/" + service + ".json");
    JsonObject fromYaml = ContractFile.whatChecks(written, null).document();
    ContractFile.Found proven = new ContractFile.Found(fromYaml, true);

    assertEquals(proven, ContractFile.whatChecks(written, compiled));
    assertEquals(fromYaml, new JsonObject(text(compiled)).getJsonObject("document"));
    assertEquals(proven, ContractFile.read(service));
  }

  @ParameterizedTest
  @ValueSource(strings = {"user-service", "product-service", "order-service", "payment-service"})
  void whatIsOnlyPutTogetherIsValidAndRefusesTheSame(String service) throws Exception {
    JsonObject document = ContractFile.read(service).document();
    Vertx vertx = Vertx.vertx();
    try {
      OpenAPIContract proven =
          OpenAPIContract.from(vertx, document.copy())
              .toCompletionStage()
              .toCompletableFuture()
              .get(60, TimeUnit.SECONDS);
      OpenAPIContract assembled = Contracts.assembled(document);

      assertEquals(operations(proven), operations(assembled));
      proven.operations().forEach(operation -> sameRefusals(proven, assembled, operation));
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
  }

  private static void sameRefusals(
      OpenAPIContract proven, OpenAPIContract assembled, Operation operation) {
    if (operation.getRequestBody() == null) {
      return;
    }
    String id = operation.getOperationId();
    JsonObject wrong = new JsonObject().put("surprise", 1).put("items", "none").put("price", -1);

    assertEquals(
        refusal(proven, operation, wrong),
        refusal(assembled, assembled.operation(id), wrong),
        operation::getOperationId);
  }

  private static List<FieldError> refusal(
      OpenAPIContract contract, Operation operation, JsonObject body) {
    InputCheck check = new InputCheck(contract, operation);
    Map<String, String> path = new HashMap<>();
    operation.getParameters().forEach(parameter -> path.put(parameter.getName(), "?"));
    return assertThrows(ProblemException.class, () -> check.check(path, path, Optional.of(body)))
        .errors();
  }

  private static List<String> operations(OpenAPIContract contract) {
    return contract.operations().stream().map(Operation::getOperationId).toList();
  }

  @Test
  void whatWasMadeOfAnotherFileIsNotUsed() {
    byte[] stale = ContractFile.compile(OTHER);

    assertEquals(ContractFile.whatChecks(SMALL, null), ContractFile.whatChecks(SMALL, stale));
  }

  @Test
  void whatIsForReadersOnlyIsLeftOut() {
    String compiled = text(ContractFile.compile(SMALL));

    assertFalse(compiled.contains("example.org"), compiled);
    assertFalse(compiled.contains("as asked"), compiled);
  }

  @Test
  void aServiceWithoutAContractIsNamed() {
    FileNotFoundException missing =
        assertThrows(FileNotFoundException.class, () -> ContractFile.read("no-service"));

    assertEquals("no contract openapi/no-service.yaml on the class path", missing.getMessage());
  }

  private static byte[] yaml(String path) {
    return """
        openapi: 3.1.0
        info: {title: t, version: "1"}
        servers: [{url: "http://example.org"}]
        paths:
          %s:
            get:
              operationId: get
              responses: {"200": {description: as asked}}
        """
        .formatted(path)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ContractFile.class.getClassLoader().getResourceAsStream(name)) {
      assertNotNull(in, name);
      return in.readAllBytes();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
