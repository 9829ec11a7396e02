package dev.stoa.e2e;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens that no gateway has signed: with whatever claims, header and secret a test wants. */
final class HandmadeToken {
  private static final JsonObject HS256 = new JsonObject().put("alg", "HS256").put("typ", "JWT");

  private HandmadeToken() {}

  /** Good in all respects but for what {@code claims} change; a null takes a claim away. */
  static String signed(String secret, JsonObject claims) {
    JsonObject all = claims().mergeIn(claims);
    all.copy().fieldNames().stream()
        .filter(name -> all.getValue(name) == null)
        .forEach(all::remove);
    return sign(secret, HS256, all);
  }

  static String unsigned() {
    return encoded(new JsonObject().put("alg", "none").put("typ", "JWT"))
        + "."
        + encoded(claims())
        + ".";
  }

  static JsonObject claims() {
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("sub", "01890000-0000-7000-8000-000000000001")
        .put("user_id", "01890000-0000-7000-8000-000000000001")
        .put("username", "mallory")
        .put("roles", new JsonArray().add("admin"))
        .put("iat", now - 10)
        .put("exp", now + 3600);
  }

  static String sign(String secret, JsonObject header, JsonObject claims) {
    String signed = encoded(header) + "." + encoded(claims);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String encoded(JsonObject part) {
    return base64(part.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
