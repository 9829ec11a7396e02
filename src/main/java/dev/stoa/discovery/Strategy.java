package dev.stoa.discovery;

import java.util.List;

/** A rule for picking one of several. Safe on any thread; never blocks. */
interface Strategy {

  /**
   * Picks one that the request may have.
   *
   * @param candidates at least one
   * @param key of the request, or {@link HashKey#NONE}
   * @return null where the rule came to none; then any other will do
   */
  Member choose(Candidates candidates, long key);

  /** The candidates in the order in which {@link #choose} would come to them now; chooses none. */
  List<Place> rank(Candidates candidates, long key);

  static Strategy of(BalancerConfig config) {
    return switch (config.strategy()) {
      case ROUND_ROBIN -> new RoundRobin();
      case LEAST_REQUESTS -> new LeastRequests();
      case POWER_OF_TWO -> new PowerOfTwo();
      case RANDOM -> new RandomChoice();
      case WEIGHTED -> new Weighted();
      case CONSISTENT_HASH -> new ConsistentHash(config.loadBound());
    };
  }
}
