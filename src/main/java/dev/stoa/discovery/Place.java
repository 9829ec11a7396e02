package dev.stoa.discovery;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** A candidate's place in the order of a strategy, and why. */
record Place(Member member, String reason) {

  /** By load, those who bear least first. */
  static List<Place> byLoad(Member[] members, Function<Member, String> reason) {
    return Arrays.stream(members)
        .sorted(Comparator.comparingDouble(Member::load))
        .map(member -> new Place(member, reason.apply(member)))
        .toList();
  }

  /** By turn, from this index on. */
  static List<Place> byTurn(Member[] members, List<Integer> turns, Function<Member, String> more) {
    return turns.stream()
        .map(
            index -> {
              boolean next = index.equals(turns.get(0));
              String turn = next ? "its turn is next" : "its turn comes later";
              return new Place(members[index], turn + more.apply(members[index]));
            })
        .toList();
  }
}
