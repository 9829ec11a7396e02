package dev.stoa.service;

/** Proves tokens. Safe on any thread; never blocks. */
public interface TokenVerifier {

  /**
   * The identity that a bearer token proves.
   *
   * @param authorization the value of the {@code Authorization} header, or null
   * @throws dev.stoa.problem.ProblemException MISSING_TOKEN, MALFORMED_TOKEN, EXPIRED_TOKEN or
   *     INVALID_TOKEN, with {@code WWW-Authenticate} (RFC 6750, section 3)
   */
  Identity verify(String authorization);
}
