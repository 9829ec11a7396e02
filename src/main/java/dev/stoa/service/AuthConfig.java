package dev.stoa.service;

import dev.stoa.config.ConfigReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How tokens are proven and signed: {@code auth} of the configuration. Either {@code jwt_secret}
 * (HS256), or {@code keys}, of which the first that can sign does.
 *
 * @param keys never empty
 * @param tokenExpiry the life of a token for a user
 */
public record AuthConfig(List<AuthKey> keys, Duration tokenExpiry) {
  private static final Duration DEFAULT_EXPIRY = Duration.ofHours(1);

  public AuthConfig {
    keys = List.copyOf(keys);
  }

  /** One secret for all, HS256, and the default expiry. */
  public static AuthConfig ofSecret(String secret) {
    return new AuthConfig(
        List.of(new AuthKey("", "HS256", secret, Optional.of(secret))), DEFAULT_EXPIRY);
  }

  /**
   * Reads {@code auth}.
   *
   * @param lenient whether a weak secret is a warning (profile {@code dev}) instead of an error
   * @param fallback the secret where none is configured; empty where one must be
   */
  public static AuthConfig from(ConfigReader root, boolean lenient, Optional<String> fallback) {
    ConfigReader auth = root.section("auth");
    Duration expiry = auth.duration("token_expiry", DEFAULT_EXPIRY);
    if (expiry.toSeconds() < 1) {
      auth.error("token_expiry", "at least 1 second");
      expiry = DEFAULT_EXPIRY;
    }
    List<AuthKey> keys = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (ConfigReader key : auth.sections("keys")) {
      AuthKey read = AuthKeyReader.read(key, lenient);
      if (!ids.add(read.kid())) {
        key.error("kid", "an id of its own for each key");
      }
      keys.add(read);
    }
    if (keys.isEmpty()) {
      Optional<String> secret = auth.string("jwt_secret").or(() -> fallback);
      if (secret.isEmpty()) {
        auth.error(
            "jwt_secret",
            "a secret of at least 32 bytes, best told by APP_AUTH_JWT_SECRET (or auth.keys)");
      }
      auth.string("jwt_secret")
          .ifPresent(s -> SecretStrength.check(auth, "jwt_secret", s, lenient));
      keys.add(new AuthKey("", "HS256", secret.orElse(""), secret));
    } else if (keys.stream().allMatch(key -> key.signing().isEmpty())) {
      auth.error("keys", "at least one key with a secret or private_key, to sign with");
    }
    return new AuthConfig(keys, expiry);
  }

  /** The key that signs. */
  AuthKey signingKey() {
    return keys.stream().filter(key -> key.signing().isPresent()).findFirst().orElseThrow();
  }
}
