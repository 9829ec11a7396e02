package dev.stoa.service;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes version 7 UUIDs (RFC 9562, section 5.7) that grow from call to call, also within one
 * millisecond and when the clock goes back: the 12 bits below the time are a counter that starts
 * anywhere in its lower half each millisecond and, when full, borrows from the next millisecond
 * (section 6.2, method 1). So ids are both unique and the order in which things were made. As safe
 * on any thread as its generator is.
 */
public final class Uuid7 {
  private static final int COUNTER_BITS = 12;
  private static final int COUNTER_MASK = (1 << COUNTER_BITS) - 1;
  private static final int COUNTER_START_BOUND = 1 << (COUNTER_BITS - 1);
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;

  private final InstantSource clock;
  private final RandomGenerator random;
  // Milliseconds and counter of the last id, as one number.
  private final AtomicLong last = new AtomicLong();

  /** Ids that nobody can guess. */
  public Uuid7(InstantSource clock) {
    this(clock, new SecureRandom());
  }

  /** Ids that may be guessed, from a generator that may be quicker for it. */
  public Uuid7(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** A new id in its usual text, lower case. */
  public String next() {
    long now = clock.millis() << COUNTER_BITS | random.nextInt(COUNTER_START_BOUND);
    long tick = last.updateAndGet(previous -> Math.max(previous + 1, now));
    long high = tick >>> COUNTER_BITS << 16 | VERSION_7 | tick & COUNTER_MASK;
    long low = VARIANT | random.nextLong() >>> 2;
    return new UUID(high, low).toString();
  }

  /** No id made up to that moment is above this one, and all that are made later are. */
  public static String lastAt(Instant moment) {
    long high = moment.toEpochMilli() << 16 | VERSION_7 | COUNTER_MASK;
    return new UUID(high, VARIANT | -1L >>> 2).toString();
  }

  /** The UUID just below one that is not the lowest. */
  public static String before(String id) {
    UUID uuid = UUID.fromString(id);
    long low = uuid.getLeastSignificantBits();
    long high = uuid.getMostSignificantBits();
    return new UUID(low == 0 ? high - 1 : high, low - 1).toString();
  }
}
