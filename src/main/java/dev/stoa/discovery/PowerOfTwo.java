package dev.stoa.discovery;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The less busy of two that are drawn at random: almost as even as looking at all, at the cost of
 * two, and without everybody rushing to the same idle one (Mitzenmacher, "The Power of Two Choices
 * in Randomized Load Balancing", 2001).
 */
final class PowerOfTwo implements Strategy {

  @Override
  public Member choose(Candidates candidates, long key) {
    Member[] members = candidates.members();
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int first = random.nextInt(members.length);
    Member one = candidates.takes(members[first]) ? members[first] : null;
    if (members.length == 1) {
      return one;
    }
    int second = random.nextInt(members.length - 1);
    Member other = members[second < first ? second : second + 1];
    if (!candidates.takes(other)) {
      return one;
    }
    return one == null || other.load() < one.load() ? other : one;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    return Place.byLoad(
        candidates.members(),
        member -> member.state().inFlight() + " in flight; the less busy of two drawn at random");
  }
}
