package dev.stoa.discovery;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.stream.IntStream;

/** Each in turn; the counter may wrap, the index may not turn negative. */
final class RoundRobin implements Strategy {
  private static final AtomicIntegerFieldUpdater<RoundRobin> NEXT =
      AtomicIntegerFieldUpdater.newUpdater(RoundRobin.class, "next");

  private volatile int next;

  @Override
  public Member choose(Candidates candidates, long key) {
    Member[] members = candidates.members();
    Member turn = members[Math.floorMod(NEXT.getAndIncrement(this), members.length)];
    return candidates.takes(turn) ? turn : null;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    int length = candidates.members().length;
    int first = Math.floorMod(next, length);
    List<Integer> turns =
        IntStream.range(first, first + length).map(turn -> turn % length).boxed().toList();
    return Place.byTurn(candidates.members(), turns, member -> "");
  }
}
