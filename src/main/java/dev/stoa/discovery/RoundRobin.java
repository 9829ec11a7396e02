package dev.stoa.discovery;

import java.util.List;
import java.util.stream.IntStream;

/** Each in turn. */
final class RoundRobin implements Strategy {

  @Override
  public Member choose(Candidates candidates, long key) {
    Member[] members = candidates.members();
    Member turn = members[candidates.turn().take(members.length)];
    return candidates.takes(turn) ? turn : null;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    int length = candidates.members().length;
    int first = candidates.turn().look(length);
    List<Integer> turns =
        IntStream.range(first, first + length).map(turn -> turn % length).boxed().toList();
    return Place.byTurn(candidates.members(), turns, member -> "");
  }
}
