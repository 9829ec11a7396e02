package dev.stoa.config;

import java.time.Duration;
import java.util.Optional;

/**
 * Which answers of a store are believed, and when. A change is, once it has stayed the same for a
 * moment, since who writes several keys does not want to see the half of them in force. The loss of
 * most keys has to stay the same for longer. The loss of all is a deletion only where the store was
 * watched all along and remembers it; else it is a store that was emptied or begun anew, and what
 * it said before holds. For one thread.
 */
final class StoreBelief {
  static final Duration SETTLE = Duration.ofMillis(100);
  static final Duration CONFIRM = Duration.ofSeconds(2);

  /** How many times as long as it should take it may be put off by ever new changes. */
  private static final int MAX_POSTPONED = 15;

  /** What an answer leads to. */
  enum Verdict {
    /** It is what is believed already. */
    KNOWN,
    /** It will be believed if nothing else is answered for the time of {@link #patience}. */
    DOUBTED,
    /** It never will. */
    LOST
  }

  private Optional<StoreContent> believed;
  private Optional<StoreContent> doubted = Optional.empty();
  private boolean unbroken;
  private long doubtedSinceNanos;
  private Duration patience = Duration.ZERO;

  /** Believes what was believed before this process. */
  StoreBelief(Optional<StoreContent> before) {
    this.believed = before;
  }

  Optional<StoreContent> believed() {
    return believed;
  }

  /** There is no answer; what comes next may not be what would have come. */
  void failed() {
    unbroken = false;
    doubted = Optional.empty();
  }

  /**
   * There is an answer.
   *
   * @param restarted whether the store has lost its memory
   */
  Verdict hear(StoreContent answer, boolean restarted, long nowNanos) {
    unbroken &= !restarted;
    if (believed.isPresent() && believed.get().equals(answer)) {
      accept(answer);
      return Verdict.KNOWN;
    }
    boolean lost = answer.isEmpty() && believed.isPresent() && !unbroken;
    if (lost && !believed.get().isEmpty()) {
      doubted = Optional.empty();
      return Verdict.LOST;
    }
    if (doubted.isEmpty()) {
      doubtedSinceNanos = nowNanos;
    }
    doubted = Optional.of(answer);
    patience = patience(answer, nowNanos);
    return Verdict.DOUBTED;
  }

  private Duration patience(StoreContent answer, long nowNanos) {
    boolean most =
        believed.filter(before -> before.keptBy(answer) * 2 < before.values().size()).isPresent();
    Duration due = most ? CONFIRM : SETTLE;
    Duration left = due.multipliedBy(MAX_POSTPONED).minusNanos(nowNanos - doubtedSinceNanos);
    return left.isNegative() ? Duration.ZERO : left.compareTo(due) < 0 ? left : due;
  }

  /** How long the answer that is doubted has to stay the same. */
  Duration patience() {
    return patience;
  }

  /** Nothing else came in time. Whether it is still this answer that is doubted. */
  boolean confirm(StoreContent answer) {
    boolean same = doubted.isPresent() && doubted.get() == answer;
    if (same) {
      accept(answer);
    }
    return same;
  }

  private void accept(StoreContent answer) {
    believed = Optional.of(answer);
    doubted = Optional.empty();
    unbroken = true;
  }
}
