package dev.stoa.idempotency;

import io.vertx.core.Future;
import java.util.Objects;
import java.util.function.Function;

/**
 * Which process holds claims here, and whether another one is known to be gone: then nobody waits
 * for the lease of what it held.
 *
 * @param self the name of this process, which no other ever has; without a slash
 * @param isGone asked about the name of another one
 */
public record Presence(String self, Function<String, Future<Boolean>> isGone) {
  /** Nothing is known of any process: every lease is waited for. */
  public static final Presence UNKNOWN = new Presence("", process -> Future.succeededFuture(false));

  private static final char SEPARATOR = '/';

  public Presence {
    Objects.requireNonNull(isGone, "isGone");
    if (self.indexOf(SEPARATOR) >= 0) {
      throw new IllegalArgumentException("a process is named " + self);
    }
  }

  /** The id of a claim that this process holds. */
  String sign(String id) {
    return self.isEmpty() ? id : self + SEPARATOR + id;
  }

  /** Whether the process that holds the claim is gone. */
  Future<Boolean> hasLeft(String claimId) {
    int end = claimId.indexOf(SEPARATOR);
    return end < 0 || claimId.substring(0, end).equals(self)
        ? Future.succeededFuture(false)
        : isGone.apply(claimId.substring(0, end));
  }
}
