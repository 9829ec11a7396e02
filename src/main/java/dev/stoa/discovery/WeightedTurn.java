package dev.stoa.discovery;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several things in turn, each as often as its weight says and spread as evenly as can be (the
 * smooth weighted round robin of nginx). The whole turn is worked out beforehand, so that a pick is
 * one step of a counter, which is the caller's. Immutable.
 */
public final class WeightedTurn {
  /** Bounds the time to work a turn out; weights that need more are rounded. */
  private static final int MAX_STEPS = 2_000;

  private final int[] turn;

  /**
   * All that take turns.
   *
   * @param weights at least one, none negative; where all are 0 they count as equal
   */
  public WeightedTurn(int... weights) {
    this.turn = turn(scaled(weights));
  }

  /** The index of the one whose turn it is. */
  public int next(Turn caller) {
    return turn.length == 1 ? turn[0] : turn[caller.take(turn.length)];
  }

  /** The indexes in the order in which their next turns come; whose turn it is stays. */
  public List<Integer> upcoming(Turn caller) {
    int now = caller.look(turn.length);
    return IntStream.range(0, turn.length)
        .map(step -> turn[(now + step) % turn.length])
        .distinct()
        .boxed()
        .toList();
  }

  private static int[] scaled(int[] weights) {
    long total = Arrays.stream(weights).asLongStream().sum();
    if (total == 0) {
      return weights;
    }
    int divisor = Arrays.stream(weights).reduce(0, WeightedTurn::gcd);
    if (total / divisor <= MAX_STEPS) {
      return Arrays.stream(weights).map(weight -> weight / divisor).toArray();
    }
    return Arrays.stream(weights)
        .map(weight -> weight == 0 ? 0 : (int) Math.max(1, (long) weight * MAX_STEPS / total))
        .toArray();
  }

  private static int[] turn(int[] weights) {
    if (Arrays.stream(weights).allMatch(weight -> weight == weights[0])) {
      return IntStream.range(0, weights.length).toArray();
    }
    int total = Arrays.stream(weights).sum();
    int[] credit = new int[weights.length];
    int[] turn = new int[total];
    for (int step = 0; step < total; step++) {
      int best = 0;
      for (int i = 0; i < weights.length; i++) {
        credit[i] += weights[i];
        best = credit[i] > credit[best] ? i : best;
      }
      credit[best] -= total;
      turn[step] = best;
    }
    return turn;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
