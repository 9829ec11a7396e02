package dev.stoa.orders;

import java.time.Instant;

/**
 * What is still to be done for an order. It is written in the transaction that makes it necessary,
 * done at once by whoever wrote it, and otherwise done by the sweep.
 *
 * @param from when the sweep may take it up
 */
record Duty(Kind kind, Instant from) {

  enum Kind {
    /** Cancel it, unless it is paid by then. */
    EXPIRE,
    /** Give its stock back: it is cancelled. */
    RELEASE,
    /** Make its reservation final: it is paid. */
    COMMIT,
    /** Give the money back and then cancel it: somebody cancels a paid order. */
    REFUND
  }
}
