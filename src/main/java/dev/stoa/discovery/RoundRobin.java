package dev.stoa.discovery;

import java.util.concurrent.atomic.AtomicInteger;

/** Each in turn; the counter may wrap, the index may not turn negative. */
final class RoundRobin implements Strategy {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Member choose(Candidates candidates, long key) {
    Member[] members = candidates.members();
    Member turn = members[Math.floorMod(next.getAndIncrement(), members.length)];
    return candidates.takes(turn) ? turn : null;
  }
}
