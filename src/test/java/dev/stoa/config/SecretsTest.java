package dev.stoa.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth.jwt_secret",
        "database.password",
        "password",
        "api_key",
        "apiKey",
        "auth.keys[0].value",
        "consul.token",
        "aws.credentials",
        "tls.private_key",
        "AUTH.SECRET",
        "tokens[1]",
        "auth.secrets.primary",
        "tracing.otlp.headers.x-team",
        "headers.Authorization",
        "routes[0].headers.Cookie",
        "routes[0].headers.X-Auth",
        "routes[0].headers.x-signature",
        "db-password",
        "dbpassword",
        "public_key",
        "id.secret"
      })
  void knowsSecretsByTheirKey(String path) {
    assertTrue(Secrets.isSecret(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "auth.token_expiry",
        "idempotency.max_keys",
        "cors.allow_credentials",
        "auth.key_id",
        "auth.keys[0].kid",
        "auth.keyId",
        "token_ttl",
        "database.host",
        "routes[2].path",
        "routes[2].auth",
        "routes[2].headers.X-Team",
        "",
        "idempotency.key_header",
        "users.password_hashing.queue",
        "keys[0].algorithm"
      })
  void leavesHarmlessKeysAlone(String path) {
    assertFalse(Secrets.isSecret(path));
  }

  @ParameterizedTest
  @CsvSource({
    "postgresql://u:p@db/x, postgresql://***@db/x",
    "postgresql://u:p@ss/w@db/x, postgresql://***@db/x",
    "http://host/path, http://host/path",
    "jdbc:x://h/d?user=u&password=p&a=b, jdbc:x://h/d?user=u&password=***&a=b",
    "plain@text, plain@text"
  })
  void masksWhatUrlsCarry(String url, String shown) {
    assertEquals(shown, Secrets.mask("database.url", url));
  }

  @Test
  void masksATreeWithoutChangingIt() {
    JsonObject tree =
        new JsonObject()
            .put("auth", new JsonObject().put("jwt_secret", "s").put("token_expiry", 5))
            .put("password", 1234)
            .put("private", true)
            .put("tokens", new JsonArray().add("s").add(new JsonObject().put("value", "s")))
            .put("urls", new JsonArray().add("http://u:p@h"))
            .put("port", 1);
    JsonObject before = tree.copy();

    JsonObject masked = Secrets.mask(tree);

    assertEquals(
        new JsonObject()
            .put("auth", new JsonObject().put("jwt_secret", "***").put("token_expiry", 5))
            .put("password", "***")
            .put("private", true)
            .put("tokens", new JsonArray().add("***").add(new JsonObject().put("value", "***")))
            .put("urls", new JsonArray().add("http://***@h"))
            .put("port", 1),
        masked);
    assertEquals(before, tree);
  }
}
