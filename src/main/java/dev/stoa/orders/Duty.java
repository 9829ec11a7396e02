package dev.stoa.orders;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What is still to be done for an order: the position of its saga. It is written in the transaction
 * that makes it necessary, done at once by whoever wrote it, and otherwise taken up when the
 * service starts or by the sweep.
 *
 * @param from when the sweep may take it up
 * @param attempts how often it was tried, counted when the intent is written
 * @param key makes repetitions of the step one to whoever is asked
 * @param stuck why nobody tries any more and an operator has to look; empty while that is not so
 */
record Duty(Kind kind, Instant from, int attempts, String key, Optional<String> stuck) {

  enum Kind {
    /** Hold its stock: it is new. */
    RESERVE,
    /** No step, but a date: cancel it, unless it is paid by then. */
    EXPIRE,
    /** Make its reservation final, and then it is paid. */
    COMMIT,
    /** Give the money back and then cancel it: somebody cancels a paid order. */
    REFUND,
    /** Give its stock back: it is cancelled. */
    RELEASE;

    /** Whether another service has to be asked. */
    boolean isStep() {
      return this != EXPIRE;
    }

    /** As the log and the API write it. */
    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A step that is taken now for the first time. */
  static Duty step(Kind kind, String key, Instant lease) {
    return new Duty(kind, lease, 1, key, Optional.empty());
  }

  /** Waiting for the payment until then. */
  static Duty expiry(String orderId, Instant at) {
    return new Duty(Kind.EXPIRE, at, 0, orderId, Optional.empty());
  }

  /** The same step, tried once more. */
  Duty again(Instant lease) {
    return new Duty(kind, lease, attempts + 1, key, Optional.empty());
  }

  /** The same step, not before then. */
  Duty later(Instant when) {
    return new Duty(kind, when, attempts, key, Optional.empty());
  }

  Duty stuck(String why) {
    return new Duty(kind, from, attempts, key, Optional.of(why));
  }
}
