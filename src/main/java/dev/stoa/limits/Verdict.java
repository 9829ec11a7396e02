package dev.stoa.limits;

/**
 * What became of one attempt.
 *
 * @param remaining how many more could pass at once now
 * @param resetMicros until the full burst is available again
 * @param retryAfterMicros until one more could pass; 0 where one can
 */
public record Verdict(boolean allowed, long remaining, long resetMicros, long retryAfterMicros) {}
