package dev.stoa.resilience;

import java.time.Duration;
import java.time.Instant;

/**
 * One change of a breaker's state.
 *
 * @param upstream whose breaker
 * @param openFor how long no call will pass; zero unless it opened
 */
record BreakerChange(
    String upstream, BreakerState from, BreakerState to, Duration openFor, Instant at) {}
