package dev.stoa.discovery;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The one with the fewest requests in flight for its weight; among equals a random one, since the
 * first would otherwise get all of a quiet time.
 */
final class LeastRequests implements Strategy {

  @Override
  public Member choose(Candidates candidates, long key) {
    Member best = null;
    double least = 0;
    int ties = 0;
    for (Member member : candidates.members()) {
      if (candidates.takes(member)) {
        double load = member.load();
        if (best == null || load < least) {
          best = member;
          least = load;
          ties = 1;
        } else if (load == least && ThreadLocalRandom.current().nextInt(++ties) == 0) {
          best = member;
        }
      }
    }
    return best;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    return Place.byLoad(
        candidates.members(), member -> member.state().inFlight() + " in flight; the fewest first");
  }
}
