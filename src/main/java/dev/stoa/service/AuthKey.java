package dev.stoa.service;

import java.util.Optional;

/**
 * One key that proves tokens and, if it can, signs them.
 *
 * @param kid the key's id; empty for the only key of a simple set-up
 * @param algorithm {@code HS256}, {@code RS256} or {@code ES256}
 * @param verifying the secret, or the public key as PEM
 * @param signing the secret, or the private key as PEM; empty where this process may only verify
 */
record AuthKey(String kid, String algorithm, String verifying, Optional<String> signing) {

  boolean symmetric() {
    return algorithm.equals("HS256");
  }

  /** Never the key itself. */
  @Override
  public String toString() {
    return "AuthKey[" + kid + " " + algorithm + "]";
  }
}
