package dev.stoa.limits;

/**
 * What became of one attempt.
 *
 * @param remaining how many more could pass at once now
 * @param resetMicros until the full burst is available again
 * @param retryAfterMicros until one more could pass; 0 where one can
 * @param shared whether it was counted for all processes rather than for this one
 */
public record Verdict(
    boolean allowed, long remaining, long resetMicros, long retryAfterMicros, boolean shared) {}
