package dev.stoa.discovery;

import java.util.concurrent.ThreadLocalRandom;

/** Those among whom one pick is made, and which of them this request may have. For one pick. */
final class Candidates {
  private static final double LEAST_WARMTH = 0.1;

  private final Member[] members;
  private final Lease tried;
  private final long slowStart;
  private final long now;
  private final Turn turn;

  /**
   * @param tried null where the request was nowhere yet
   * @param slowStart how long a newcomer counts as one, in nanoseconds; 0: not at all
   * @param turn the caller's
   */
  Candidates(Member[] members, Lease tried, long slowStart, long now, Turn turn) {
    this.members = members;
    this.tried = tried;
    this.slowStart = slowStart;
    this.now = now;
    this.turn = turn;
  }

  Member[] members() {
    return members;
  }

  /** Whose turn it is for whoever picks. */
  Turn turn() {
    return turn;
  }

  boolean untried(Member member) {
    return tried == null || !tried.tried(member.state());
  }

  /**
   * Whether this request may have it: not if it was there before, and from a newcomer only as often
   * as that has warmed up.
   */
  boolean takes(Member member) {
    if (!untried(member)) {
      return false;
    }
    double warmth = warmth(member);
    return warmth >= 1 || ThreadLocalRandom.current().nextDouble() < warmth;
  }

  /** The share of its full load that a member may get, growing from a tenth to 1. */
  double warmth(Member member) {
    long since = member.state().warmingSince();
    if (slowStart == 0 || since == InstanceState.NEVER || now - since >= slowStart) {
      return 1;
    }
    return Math.max(LEAST_WARMTH, (double) (now - since) / slowStart);
  }
}
