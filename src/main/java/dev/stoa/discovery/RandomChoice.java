package dev.stoa.discovery;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Any one, all with the same chance. */
final class RandomChoice implements Strategy {

  @Override
  public Member choose(Candidates candidates, long key) {
    Member[] members = candidates.members();
    Member drawn = members[ThreadLocalRandom.current().nextInt(members.length)];
    return candidates.takes(drawn) ? drawn : null;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    String chance = "drawn at random, one of " + candidates.members().length;
    return Arrays.stream(candidates.members()).map(member -> new Place(member, chance)).toList();
  }
}
