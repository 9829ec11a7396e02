package dev.stoa.service;

import dev.stoa.config.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Tells weak secrets: too short for HS256 (RFC 7518, section 3.2), hardly varied, or out of a
 * sample file.
 */
final class SecretStrength {
  private static final int MIN_BYTES = 32;
  private static final int MIN_DISTINCT = 10;
  private static final List<String> SAMPLES =
      List.of(
          "change",
          "your-",
          "your_",
          "example",
          "sample",
          "password",
          "secret-key",
          "secret_key",
          "default");

  private SecretStrength() {}

  static void check(ConfigReader reader, String path, String secret, boolean lenient) {
    if (!weak(secret)) {
      return;
    }
    if (lenient && !secret.isEmpty()) {
      reader.warn(path, "is a weak secret; every profile but dev refuses it");
    } else {
      reader.error(path, "a random secret of at least " + MIN_BYTES + " bytes");
    }
  }

  static boolean weak(String secret) {
    String lower = secret.toLowerCase(Locale.ROOT);
    return secret.getBytes(StandardCharsets.UTF_8).length < MIN_BYTES
        || secret.chars().distinct().count() < MIN_DISTINCT
        || SAMPLES.stream().anyMatch(lower::contains);
  }
}
