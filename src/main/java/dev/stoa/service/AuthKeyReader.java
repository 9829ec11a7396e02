package dev.stoa.service;

import dev.stoa.config.ConfigReader;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads one entry of {@code auth.keys} and proves that its key is of the kind and strength its
 * algorithm needs.
 */
final class AuthKeyReader {
  private static final int MIN_RSA_BITS = 2048;
  private static final int P256_BITS = 256;

  private enum Algorithm {
    HS256,
    RS256,
    ES256
  }

  private AuthKeyReader() {}

  static AuthKey read(ConfigReader key, boolean lenient) {
    String kid = key.string("kid", "");
    if (kid.isEmpty()) {
      key.error("kid", "the id of the key");
    }
    Algorithm algorithm = algorithm(key);
    if (algorithm == Algorithm.HS256) {
      String secret = key.string("secret", "");
      SecretStrength.check(key, "secret", secret, lenient);
      return new AuthKey(kid, algorithm.name(), secret, Optional.of(secret));
    }
    String publicKey = key.string("public_key", "");
    if (!isPublic(publicKey, algorithm)) {
      key.error(
          "public_key",
          "a PEM public key for " + algorithm + ", RSA of at least 2048 bits or EC P-256");
    }
    Optional<String> privateKey = key.string("private_key");
    if (privateKey.isPresent() && !isPrivate(privateKey.get(), algorithm)) {
      key.error("private_key", "a PEM private key (PKCS #8) for " + algorithm);
    }
    return new AuthKey(kid, algorithm.name(), publicKey, privateKey);
  }

  private static Algorithm algorithm(ConfigReader key) {
    String name = key.string("algorithm", "HS256");
    for (Algorithm algorithm : Algorithm.values()) {
      if (algorithm.name().equals(name)) {
        return algorithm;
      }
    }
    key.error("algorithm", "HS256, RS256 or ES256");
    return Algorithm.HS256;
  }

  private static boolean isPublic(String pem, Algorithm algorithm) {
    try {
      PublicKey key =
          factory(algorithm).generatePublic(new X509EncodedKeySpec(der(pem, "PUBLIC KEY")));
      return key instanceof RSAPublicKey rsa
          ? rsa.getModulus().bitLength() >= MIN_RSA_BITS
          : ((ECPublicKey) key).getParams().getCurve().getField().getFieldSize() == P256_BITS;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isPrivate(String pem, Algorithm algorithm) {
    try {
      factory(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der(pem, "PRIVATE KEY")));
      return true;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }

  private static KeyFactory factory(Algorithm algorithm) throws GeneralSecurityException {
    return KeyFactory.getInstance(algorithm == Algorithm.RS256 ? "RSA" : "EC");
  }

  private static byte[] der(String pem, String label) {
    String begin = "-----BEGIN " + label + "-----";
    String end = "-----END " + label + "-----";
    String text = pem.strip();
    if (!text.startsWith(begin) || !text.endsWith(end)) {
      throw new IllegalArgumentException("not PEM");
    }
    return Base64.getMimeDecoder()
        .decode(text.substring(begin.length(), text.length() - end.length()));
  }
}
