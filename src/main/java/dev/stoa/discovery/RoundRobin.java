package dev.stoa.discovery;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Each in turn; the counter may wrap, the index may not turn negative. */
final class RoundRobin implements Strategy {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Member choose(Candidates candidates, long key) {
    Member[] members = candidates.members();
    Member turn = members[Math.floorMod(next.getAndIncrement(), members.length)];
    return candidates.takes(turn) ? turn : null;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    int length = candidates.members().length;
    int first = Math.floorMod(next.get(), length);
    List<Integer> turns =
        IntStream.range(first, first + length).map(turn -> turn % length).boxed().toList();
    return Place.byTurn(candidates.members(), turns, member -> "");
  }
}
