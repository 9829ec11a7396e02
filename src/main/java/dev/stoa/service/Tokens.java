package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.service.TokenParser.ParsedToken;
import dev.stoa.service.TokenParser.Unauthorized;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Set;

/**
 * Proves and signs this system's tokens with the keys in force: a reload of {@code auth} counts
 * from the next request on. Safe on any thread, never blocks.
 */
public final class Tokens implements TokenVerifier, TokenIssuer {
  private static final Identity SYSTEM = new Identity("stoa", "stoa", Set.of(Identity.SERVICE));
  private static final long SERVICE_TOKEN_SECONDS = 300;
  private static final long RENEW_BEFORE_SECONDS = 60;
  private static final int MILLIS_PER_SECOND = 1_000;

  private record ServiceToken(Keyring signedBy, String token, long renewAt) {}

  private final Vertx vertx;
  private final Live<AuthConfig> config;
  private final InstantSource clock;
  private volatile Keyring keyring;
  private volatile ServiceToken serviceToken;

  public Tokens(Vertx vertx, Live<AuthConfig> config, InstantSource clock) {
    this.vertx = vertx;
    this.config = config;
    this.clock = clock;
    this.keyring = new Keyring(vertx, config.get());
  }

  @Override
  public Identity verify(String authorization) {
    ParsedToken token = keyring().prove(authorization);
    long now = now();
    if (token.expiry() <= now) {
      throw Unauthorized.expired();
    }
    if (token.notBefore() > now) {
      throw Unauthorized.invalid();
    }
    return token.identity();
  }

  @Override
  public IssuedToken issue(Identity identity) {
    if (identity.isService()) {
      throw new IllegalArgumentException("no user may be given the role of a service");
    }
    Keyring keys = keyring();
    long seconds = keys.config().tokenExpiry().toSeconds();
    return new IssuedToken(keys.sign(identity, now(), seconds), seconds);
  }

  /**
   * The {@code Authorization} header of calls between services: a token of short life, renewed in
   * time.
   */
  String serviceAuthorization() {
    Keyring keys = keyring();
    ServiceToken current = serviceToken;
    long now = now();
    if (current == null || current.signedBy() != keys || current.renewAt() <= now) {
      String signed = keys.sign(SYSTEM, now, SERVICE_TOKEN_SECONDS);
      current =
          new ServiceToken(
              keys, "Bearer " + signed, now + SERVICE_TOKEN_SECONDS - RENEW_BEFORE_SECONDS);
      serviceToken = current;
    }
    return current.token();
  }

  /** The keys in force; two threads may both build them after a reload, either result is right. */
  private Keyring keyring() {
    AuthConfig current = config.get();
    Keyring keys = keyring;
    if (!keys.config().equals(current)) {
      keys = new Keyring(vertx, current);
      keyring = keys;
    }
    return keys;
  }

  private long now() {
    return Math.floorDiv(clock.millis(), MILLIS_PER_SECOND);
  }
}
