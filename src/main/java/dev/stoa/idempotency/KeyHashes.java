package dev.stoa.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns keys and requests into what is stored of them: HMAC-SHA256 (RFC 2104) with a secret of the
 * database. The hash of a request takes in the key, of which only a hash is stored: so whoever gets
 * hold of the database cannot try out what a request said, a password say, unless the key can be
 * guessed, too. Safe on any thread.
 */
final class KeyHashes {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int SECRET_BYTES = 32;
  private static final byte SEPARATOR = 0;

  private final SecretKeySpec secret;

  /**
   * @param secret as {@link #newSecret} made it
   */
  KeyHashes(String secret) {
    this.secret = new SecretKeySpec(Base64.getDecoder().decode(secret), ALGORITHM);
  }

  static String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Of a caller's key: two callers never have the same one. */
  String ofKey(String caller, IdempotencyKey key) {
    return hash("key", caller, key, new byte[0]);
  }

  /** Of all that a request with this key asks for. */
  String ofRequest(String caller, IdempotencyKey key, byte[] request) {
    return hash("request", caller, key, request);
  }

  // No part but the last can hold the separator.
  private String hash(String purpose, String caller, IdempotencyKey key, byte[] last) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      mac.update(purpose.getBytes(StandardCharsets.UTF_8));
      mac.update(SEPARATOR);
      mac.update(key.text().getBytes(StandardCharsets.UTF_8));
      mac.update(SEPARATOR);
      mac.update(caller.getBytes(StandardCharsets.UTF_8));
      mac.update(SEPARATOR);
      mac.update(last);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
