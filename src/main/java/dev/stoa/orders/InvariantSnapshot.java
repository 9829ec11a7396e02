package dev.stoa.orders;

import java.time.Instant;

/**
 * What the checker of stock and money found last, in numbers.
 *
 * @param violations promises that are broken
 * @param unsettled orders amid a step, which were not judged
 * @param unfinishedSagas orders with a step to take, those that need attention included
 * @param needingAttention orders that wait for an operator
 */
public record InvariantSnapshot(
    Instant checkedAt,
    long violations,
    long unsettled,
    long unfinishedSagas,
    long needingAttention) {

  /** Of this round and those before it, each over other orders. */
  InvariantSnapshot with(InvariantSnapshot before) {
    return new InvariantSnapshot(
        checkedAt,
        violations + before.violations,
        unsettled + before.unsettled,
        unfinishedSagas,
        needingAttention);
  }
}
