package dev.stoa.gateway;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several targets in turn, each as often as its weight says and spread as evenly as can be (the
 * smooth weighted round robin of nginx). The whole turn is worked out beforehand, so that a pick is
 * one step of a counter. Safe on any thread.
 */
final class TargetRotation {
  private final Target[] turn;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * All targets of a route.
   *
   * @param targets not all of weight 0
   */
  TargetRotation(List<Target> targets) {
    this.turn = turn(targets);
  }

  Target next() {
    return turn.length == 1 ? turn[0] : turn[Math.floorMod(next.getAndIncrement(), turn.length)];
  }

  private static Target[] turn(List<Target> targets) {
    int divisor = targets.stream().mapToInt(Target::weight).reduce(0, TargetRotation::gcd);
    int[] weights = targets.stream().mapToInt(target -> target.weight() / divisor).toArray();
    int total = targets.stream().mapToInt(Target::weight).sum() / divisor;
    int[] credit = new int[weights.length];
    Target[] turn = new Target[total];
    for (int step = 0; step < total; step++) {
      int best = 0;
      for (int i = 0; i < weights.length; i++) {
        credit[i] += weights[i];
        best = credit[i] > credit[best] ? i : best;
      }
      credit[best] -= total;
      turn[step] = targets.get(best);
    }
    return turn;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
