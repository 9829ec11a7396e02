package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.json.JsonObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    JsonObject fromYaml = ContractFile.whatChecks(written, null);

    assertEquals(fromYaml, ContractFile.whatChecks(written, compiled));
    assertEquals(fromYaml, new JsonObject(text(compiled)).getJsonObject("document"));
    assertEquals(fromYaml, ContractFile.read(service));
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
