package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.Live;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final String SECRET = "q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final long NOW_SECONDS = NOW.getEpochSecond();
  private static final Identity ANN = new Identity("u1", "ann", Set.of("customer", "admin"));
  private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
  private static final String CLAIMS = "{\"sub\":\"u1\",\"exp\":" + (NOW_SECONDS + 60) + "}";
  private static final Vertx VERTX = Vertx.vertx();

  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private final AtomicReference<AuthConfig> config =
      new AtomicReference<>(AuthConfig.ofSecret(SECRET));
  private final Tokens tokens = tokens(config::get);

  @AfterAll
  static void close() {
    VERTX.close();
  }

  @Test
  void provesWhatItIssued() {
    TokenIssuer.IssuedToken issued = tokens.issue(ANN);

    assertEquals(3600, issued.expiresIn());
    assertEquals(ANN, tokens.verify("Bearer " + issued.token()));
    assertEquals(ANN, tokens.verify("bearer  " + issued.token()));
    assertNotEquals(issued.token(), tokens.issue(ANN).token());
  }

  @Test
  void theFourWaysToBeRefused() {
    String token = tokens.issue(ANN).token();

    assertEquals(ProblemType.MISSING_TOKEN, refusal(null));
    assertEquals(ProblemType.MISSING_TOKEN, refusal("Basic dTpw"));
    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer"));
    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer " + token + "."));
    assertEquals(ProblemType.INVALID_TOKEN, refusal("Bearer " + otherSignature(token)));
    now.set(NOW.plusSeconds(3600));
    assertEquals(ProblemType.EXPIRED_TOKEN, refusal("Bearer " + token));
    assertEquals(ProblemType.INVALID_TOKEN, refusal("Bearer " + otherSignature(token)));
  }

  @Test
  void aProvenTokenExpiresAllTheSame() {
    String token = "Bearer " + tokens.issue(ANN).token();

    tokens.verify(token);
    now.set(NOW.plusSeconds(3601));

    assertEquals(ProblemType.EXPIRED_TOKEN, refusal(token));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"u1\"}",
        "{\"sub\":\"u1\",\"exp\":\"9999999999\"}",
        "{\"sub\":\"u1\",\"exp\":9999999999.5}",
        "{\"sub\":\"u1\",\"exp\":1e400}",
        "{\"sub\":\"u1\",\"exp\":null}",
        "{\"sub\":\"u1\",\"exp\":99999999999999999999}",
        "{\"sub\":\"u1\",\"exp\":9999999999,\"iat\":\"x\"}",
        "{\"sub\":\"u1\",\"exp\":9999999999,\"nbf\":{}}",
        "{\"sub\":\"u1\",\"exp\":9999999999,\"roles\":\"admin\"}",
        "{\"sub\":\"u1\",\"exp\":9999999999,\"roles\":[1]}",
        "{\"sub\":\"\",\"exp\":9999999999}",
        "{\"sub\":7,\"exp\":9999999999}",
        "{\"exp\":9999999999}",
        "{\"sub\":\"u1\",\"sub\":\"u2\",\"exp\":9999999999}",
        "[]",
        "x"
      })
  void refusesClaimsOutOfShapeThoughSigned(String claims) {
    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer " + signed(HEADER, claims)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"HS256\",\"crit\":[\"x\"]}",
        "{\"alg\":\"HS256\",\"b64\":false}",
        "{\"alg\":\"HS256\",\"typ\":\"other\"}",
        "{\"alg\":7}",
        "{}"
      })
  void refusesHeadersOutOfShapeThoughSigned(String header) {
    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer " + signed(header, CLAIMS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\"}",
        "{\"alg\":\"HS512\"}",
        "{\"alg\":\"RS256\"}",
        "{\"alg\":\"HS256\",\"kid\":\"other\"}"
      })
  void refusesOtherAlgorithmsAndKeys(String header) {
    assertEquals(ProblemType.INVALID_TOKEN, refusal("Bearer " + signed(header, CLAIMS)));
  }

  @Test
  void refusesUnsignedTokensPaddingAndGiants() {
    String unsigned = encode("{\"alg\":\"none\"}") + "." + encode(CLAIMS) + ".";

    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer " + unsigned));
    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer " + signed(HEADER, CLAIMS) + "="));
    assertEquals(ProblemType.MALFORMED_TOKEN, refusal("Bearer " + "a".repeat(20_000)));
    assertEquals("u1", tokens.verify("Bearer " + signed(HEADER, CLAIMS)).userId());
  }

  @Test
  void aTokenOfTheFutureIsNotYetValid() {
    String claims =
        "{\"sub\":\"u1\",\"nbf\":" + (NOW_SECONDS + 5) + ",\"exp\":" + (NOW_SECONDS + 60) + "}";

    assertEquals(ProblemType.INVALID_TOKEN, refusal("Bearer " + signed(HEADER, claims)));
    now.set(NOW.plusSeconds(5));
    assertEquals("u1", tokens.verify("Bearer " + signed(HEADER, claims)).userId());
  }

  @Test
  void aReloadedSecretCountsFromTheNextRequest() {
    String old = "Bearer " + tokens.issue(ANN).token();
    String oldService = tokens.serviceAuthorization();
    tokens.verify(old);

    config.set(AuthConfig.ofSecret("Aa1" + SECRET));

    assertEquals(ProblemType.INVALID_TOKEN, refusal(old));
    assertEquals(ProblemType.INVALID_TOKEN, refusal(oldService));
    assertTrue(tokens.verify(tokens.serviceAuthorization()).isService());
  }

  @Test
  void keysRotateByKid() {
    AuthKey first = new AuthKey("a", "HS256", SECRET, Optional.of(SECRET));
    String other = "Bb2" + SECRET;
    AuthKey second = new AuthKey("b", "HS256", other, Optional.of(other));
    config.set(new AuthConfig(List.of(first), Duration.ofHours(1)));
    String old = "Bearer " + tokens.issue(ANN).token();

    config.set(new AuthConfig(List.of(second, first), Duration.ofHours(1)));

    assertEquals(ANN, tokens.verify(old));
    assertEquals(ANN, tokens.verify("Bearer " + tokens.issue(ANN).token()));
    config.set(new AuthConfig(List.of(second), Duration.ofHours(1)));
    assertEquals(ProblemType.INVALID_TOKEN, refusal(old));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "ES256"})
  void signsWithKeyPairs(String algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance(algorithm.equals("RS256") ? "RSA" : "EC");
    generator.initialize(algorithm.equals("RS256") ? 2048 : 256);
    KeyPair pair = generator.generateKeyPair();
    String publicKey = pem("PUBLIC KEY", pair.getPublic().getEncoded());
    AuthKey key =
        new AuthKey(
            "k",
            algorithm,
            publicKey,
            Optional.of(pem("PRIVATE KEY", pair.getPrivate().getEncoded())));

    config.set(new AuthConfig(List.of(key), Duration.ofMinutes(1)));

    assertEquals(ANN, tokens.verify("Bearer " + tokens.issue(ANN).token()));
    // The classic confusion: the public key taken for an HMAC secret.
    String forged = signed("{\"alg\":\"HS256\",\"kid\":\"k\"}", CLAIMS, publicKey);
    assertEquals(ProblemType.INVALID_TOKEN, refusal("Bearer " + forged));
  }

  @Test
  void noUserIsEverGivenTheRoleOfAService() {
    Identity user = new Identity("u1", "ann", Set.of(Identity.SERVICE));

    assertThrows(IllegalArgumentException.class, () -> tokens.issue(user));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "short-secret",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "your-super-secret-key-change-it-now"
      })
  void knowsWeakSecrets(String secret) {
    assertTrue(SecretStrength.weak(secret));
  }

  private Tokens tokens(Live<AuthConfig> live) {
    InstantSource clock = now::get;
    return new Tokens(VERTX, live, clock);
  }

  private ProblemType refusal(String authorization) {
    ProblemException refused =
        assertThrows(ProblemException.class, () -> tokens.verify(authorization));
    assertTrue(refused.headers().get("WWW-Authenticate").startsWith("Bearer"));
    return refused.type();
  }

  private static String otherSignature(String token) {
    int dot = token.lastIndexOf('.') + 1;
    char first = token.charAt(dot) == 'A' ? 'B' : 'A';
    return token.substring(0, dot) + first + token.substring(dot + 1);
  }

  private static String signed(String header, String claims) {
    return signed(header, claims, SECRET);
  }

  private static String signed(String header, String claims, String secret) {
    try {
      String content = encode(header) + "." + encode(claims);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return content
          + "."
          + Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String pem(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }
}
