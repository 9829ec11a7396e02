package dev.stoa.limits;

/**
 * How much somebody has used of a limit.
 *
 * @param left how many could pass at once now
 * @param wholeInMicros until all of the burst could
 */
public record Usage(String scope, String subject, Limit limit, long left, long wholeInMicros) {

  /** The share of the limit that is used, 0 to 1. */
  double share() {
    return wholeInMicros / (double) limit.windowMicros();
  }
}
