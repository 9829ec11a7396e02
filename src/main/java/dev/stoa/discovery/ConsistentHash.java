package dev.stoa.discovery;

import java.util.concurrent.ThreadLocalRandom;

/**
 * The same key goes to the same instance while that is there and not overloaded. By rendezvous
 * hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998): every
 * instance draws a number for the key, the highest wins. When one leaves, its keys alone move,
 * evenly to all others; there is no ring or table to build, and weights come in exactly, as {@code
 * -w / ln(u)}.
 *
 * <p>An instance with more than its bound in flight is passed over for the next in the key's order
 * (Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018): of m
 * requests, instance i of weight w<sub>i</sub> takes at most ⌈c·m·w<sub>i</sub>/W⌉, but always
 * {@value #UNHURT}, lest keys wander in quiet times when nobody is busy.
 *
 * <p>Costs one step for each instance, twice.
 */
final class ConsistentHash implements Strategy {
  /** So many requests at once overload nobody. */
  static final int UNHURT = 8;

  private static final double TWO_POW_MINUS_53 = 0x1.0p-53;

  private final double bound;

  /**
   * @param bound the c of the paper, above 1
   */
  ConsistentHash(double bound) {
    this.bound = bound;
  }

  @Override
  public Member choose(Candidates candidates, long key) {
    long wanted = key == HashKey.NONE ? ThreadLocalRandom.current().nextLong() : key;
    Member[] members = candidates.members();
    double requests = 1;
    double weights = 0;
    boolean alike = true;
    for (Member member : members) {
      requests += member.state().inFlight();
      weights += member.weight();
      alike = alike && member.weight() == members[0].weight() && candidates.warmth(member) == 1;
    }
    double perWeight = bound * requests / Math.max(1, weights);
    Member best = null;
    double highest = Double.NEGATIVE_INFINITY;
    for (Member member : members) {
      int inFlight = member.state().inFlight();
      boolean hasRoom = inFlight < UNHURT || inFlight < Math.ceil(perWeight * member.weight());
      if (hasRoom && candidates.untried(member)) {
        double score = draw(member, wanted);
        if (!alike) { // the logarithm changes nothing in the order of equals
          score = -size(candidates, member) / Math.log(score);
        }
        if (score > highest) {
          highest = score;
          best = member;
        }
      }
    }
    return best;
  }

  /** The number between 0 and 1 that belongs to this pair of key and instance. */
  private static double draw(Member member, long key) {
    return ((HashKey.mix(key ^ member.state().seed()) >>> 11) + 0.5) * TWO_POW_MINUS_53;
  }

  private static double size(Candidates candidates, Member member) {
    return Math.max(member.weight(), Double.MIN_NORMAL) * candidates.warmth(member);
  }
}
