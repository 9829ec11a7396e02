package dev.stoa.service;

/** Signs tokens with the key in force. Safe on any thread; never blocks. */
public interface TokenIssuer {

  /**
   * A new token.
   *
   * @param token the compact JWS
   * @param expiresIn its life in seconds
   */
  record IssuedToken(String token, long expiresIn) {}

  IssuedToken issue(Identity identity);
}
