package dev.stoa.service;

import dev.stoa.service.TokenParser.ParsedToken;
import dev.stoa.service.TokenParser.Unauthorized;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * One set of keys, immutable, with a bounded memory of the tokens that they have proven (a proof
 * costs about ten times a look-up; expiry is checked by the caller each time).
 */
final class Keyring {
  private final AuthConfig config;
  private final JWTAuth signer;
  private final Map<String, KeyProof> proofs = new HashMap<>();
  private final ProvenTokens proven = new ProvenTokens();

  /**
   * One key and what it proves; each key stands alone, so no token can choose among them by its
   * algorithm.
   */
  private record KeyProof(String algorithm, JWTAuth auth) {}

  Keyring(Vertx vertx, AuthConfig config) {
    this.config = config;
    AuthKey signing = config.signingKey();
    this.signer = jwt(vertx, signing, signing.signing().orElseThrow());
    for (AuthKey key : config.keys()) {
      proofs.put(key.kid(), new KeyProof(key.algorithm(), jwt(vertx, key, key.verifying())));
    }
  }

  AuthConfig config() {
    return config;
  }

  /** The parts of the token in this field, once it is proven; its times are not looked at. */
  ParsedToken prove(String authorization) {
    ParsedToken known = authorization == null ? null : proven.find(authorization);
    if (known != null) {
      return known;
    }
    String compact = TokenParser.bearer(authorization);
    String usual = ProvenTokens.usual(compact);
    known = usual.equals(authorization) ? null : proven.find(usual);
    return known == null ? proveNew(compact) : known;
  }

  private ParsedToken proveNew(String compact) {
    ParsedToken token = TokenParser.parse(compact);
    KeyProof proof = proofs.size() == 1 && token.kid().isEmpty() ? only() : proofs.get(token.kid());
    if (proof == null
        || !proof.algorithm().equals(token.algorithm())
        || !signed(proof.auth(), compact)) {
      throw Unauthorized.invalid();
    }
    proven.add(token);
    return token;
  }

  String sign(Identity identity, long now, long seconds) {
    AuthKey key = config.signingKey();
    JWTOptions options = new JWTOptions().setAlgorithm(key.algorithm()).setNoTimestamp(true);
    if (!key.kid().isEmpty()) {
      options.setHeader(new JsonObject().put("kid", key.kid()));
    }
    JsonObject claims =
        new JsonObject()
            .put("sub", identity.userId())
            .put("user_id", identity.userId())
            .put("username", identity.username())
            .put("roles", new JsonArray(identity.roles().stream().sorted().toList()))
            .put("iat", now)
            .put("exp", now + seconds)
            .put("jti", UUID.randomUUID().toString());
    return signer.generateToken(claims, options);
  }

  private KeyProof only() {
    return proofs.values().iterator().next();
  }

  /** The library does its work within the call: its future is complete when it is handed out. */
  private static boolean signed(JWTAuth auth, String compact) {
    try {
      Future<User> user = auth.authenticate(new TokenCredentials(compact));
      return user.succeeded();
    } catch (RuntimeException e) {
      return false;
    }
  }

  private static JWTAuth jwt(Vertx vertx, AuthKey key, String material) {
    PubSecKeyOptions options =
        new PubSecKeyOptions().setAlgorithm(key.algorithm()).setBuffer(material);
    if (!key.kid().isEmpty()) {
      options.setId(key.kid());
    }
    return JWTAuth.create(
        vertx,
        new JWTAuthOptions()
            .addPubSecKey(options)
            .setJWTOptions(new JWTOptions().setIgnoreExpiration(true)));
  }
}
