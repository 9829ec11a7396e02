package dev.stoa.discovery;

import java.util.Arrays;
import java.util.List;

/**
 * Each in turn as often as its weight says. The turn is worked out once for each set of members.
 */
final class Weighted implements Strategy {

  private record Plan(Member[] members, WeightedTurn turn) {
    static Plan of(Member[] members) {
      int[] weights = Arrays.stream(members).mapToInt(Member::weight).toArray();
      return new Plan(members, new WeightedTurn(weights));
    }
  }

  private volatile Plan plan;

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    return Place.byTurn(
        candidates.members(),
        plan(candidates).turn.upcoming(candidates.turn()),
        member -> ", weight " + member.weight());
  }

  private Plan plan(Candidates candidates) {
    Plan known = plan;
    if (known == null || known.members != candidates.members()) {
      known = Plan.of(candidates.members());
      plan = known;
    }
    return known;
  }

  @Override
  public Member choose(Candidates candidates, long key) {
    Plan known = plan(candidates);
    Member turn = known.members[known.turn.next(candidates.turn())];
    return candidates.takes(turn) ? turn : null;
  }
}
