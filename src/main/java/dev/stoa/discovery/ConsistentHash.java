package dev.stoa.discovery;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
    boolean alike = alike(candidates);
    double perWeight = perWeight(members);
    Member best = null;
    double highest = Double.NEGATIVE_INFINITY;
    for (Member member : members) {
      if (hasRoom(member, perWeight) && candidates.untried(member)) {
        double score = score(candidates, member, wanted, alike);
        if (score > highest) {
          highest = score;
          best = member;
        }
      }
    }
    return best;
  }

  @Override
  public List<Place> rank(Candidates candidates, long key) {
    boolean alike = alike(candidates);
    double perWeight = perWeight(candidates.members());
    return Arrays.stream(candidates.members())
        .sorted(
            Comparator.comparing((Member member) -> !hasRoom(member, perWeight))
                .thenComparing(
                    Comparator.comparingDouble(
                            (Member member) -> score(candidates, member, key, alike))
                        .reversed()))
        .map(
            member ->
                new Place(
                    member,
                    (hasRoom(member, perWeight) ? "its number for this key is " : "too busy; ")
                        + "%.3f".formatted(score(candidates, member, key, alike))))
        .toList();
  }

  private static boolean alike(Candidates candidates) {
    Member[] members = candidates.members();
    for (Member member : members) {
      if (member.weight() != members[0].weight() || candidates.warmth(member) != 1) {
        return false;
      }
    }
    return true;
  }

  /** How many requests at once are too many for one unit of weight. */
  private double perWeight(Member[] members) {
    double requests = 1;
    double weights = 0;
    for (Member member : members) {
      requests += member.state().inFlight();
      weights += member.weight();
    }
    return bound * requests / Math.max(1, weights);
  }

  private static boolean hasRoom(Member member, double perWeight) {
    int inFlight = member.state().inFlight();
    return inFlight < UNHURT || inFlight < Math.ceil(perWeight * member.weight());
  }

  /** The highest wins. */
  private static double score(Candidates candidates, Member member, long key, boolean alike) {
    double drawn = draw(member, key);
    // The logarithm changes nothing in the order of equals.
    return alike ? drawn : -size(candidates, member) / Math.log(drawn);
  }

  /** The number between 0 and 1 that belongs to this pair of key and instance. */
  private static double draw(Member member, long key) {
    return ((HashKey.mix(key ^ member.state().seed()) >>> 11) + 0.5) * TWO_POW_MINUS_53;
  }

  private static double size(Candidates candidates, Member member) {
    return Math.max(member.weight(), Double.MIN_NORMAL) * candidates.warmth(member);
  }
}
