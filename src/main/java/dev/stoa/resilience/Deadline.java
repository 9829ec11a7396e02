package dev.stoa.resilience;

import java.time.Duration;
import java.util.Optional;

/**
 * The instant after which nobody waits for an answer any more. On the wire it is the time that is
 * left, in milliseconds, as in gRPC's {@code grpc-timeout}: two machines agree on spans of time far
 * better than on the time of day. Immutable.
 *
 * @param atNanos on the scale of {@link System#nanoTime}
 */
public record Deadline(long atNanos) {
  /**
   * The header field, and in other spelling the field of an envelope, that carries what is left.
   */
  public static final String HEADER = "X-Request-Timeout-Ms";

  private static final int MAX_DIGITS = 10;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** From now on so long. */
  public static Deadline after(Duration span) {
    return after(span, System.nanoTime());
  }

  static Deadline after(Duration span, long nowNanos) {
    return new Deadline(nowNanos + span.toNanos());
  }

  /** What a caller says is left; empty where it says nothing or no number of milliseconds. */
  public static Optional<Deadline> parse(String millis) {
    boolean number =
        millis != null
            && !millis.isEmpty()
            && millis.length() <= MAX_DIGITS
            && millis.chars().allMatch(c -> c >= '0' && c <= '9');
    return number
        ? Optional.of(after(Duration.ofMillis(Long.parseLong(millis))))
        : Optional.empty();
  }

  /** Nanoseconds left; zero or less once it has passed. */
  public long remainingNanos() {
    return remainingNanos(System.nanoTime());
  }

  long remainingNanos(long nowNanos) {
    return atNanos - nowNanos;
  }

  /** Milliseconds left, rounded up so that a callee never gives up earlier; zero at least. */
  public long remainingMillis() {
    return Math.max(0, -Math.floorDiv(-remainingNanos(), NANOS_PER_MILLI));
  }

  public boolean passed() {
    return remainingNanos() <= 0;
  }

  /** The sooner of the two. */
  public Deadline earlier(Deadline other) {
    return atNanos - other.atNanos <= 0 ? this : other;
  }

  /** The shorter of what is left and this; never negative. */
  public Duration cap(Duration span) {
    return Duration.ofNanos(Math.max(0, Math.min(span.toNanos(), remainingNanos())));
  }
}
