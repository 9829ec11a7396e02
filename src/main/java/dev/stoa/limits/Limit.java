package dev.stoa.limits;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many requests may pass: {@code count} in each {@code period} over time, {@code burst} at once
 * after a silence.
 */
public record Limit(int count, Duration period, int burst) {
  /** What {@link #parse} takes, for people. */
  public static final String SHAPE = "a limit like 100/minute (per second, minute, hour or day)";

  private static final int MAX_COUNT = 1_000_000;
  private static final Pattern TEXT = Pattern.compile("([0-9]{1,7}) */ *([a-z]+)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "second", Duration.ofSeconds(1),
          "minute", Duration.ofMinutes(1),
          "hour", Duration.ofHours(1),
          "day", Duration.ofDays(1));

  /**
   * The longest time after which a limit is whole again; keeps the arithmetic far from overflow.
   */
  private static final int LONGEST_DAYS = 1000;

  public Limit {
    if (count < 1 || count > MAX_COUNT || burst < 1 || burst > MAX_COUNT) {
      throw new IllegalArgumentException("count and burst must be in 1.." + MAX_COUNT);
    }
    if (interval(period, count) * burst > TimeUnit.DAYS.toMicros(LONGEST_DAYS)) {
      throw new IllegalArgumentException("this burst would take more than 1000 days to refill");
    }
  }

  /** So many, and all of them at once where nothing came before. */
  public static Limit perMinute(int count) {
    return new Limit(count, Duration.ofMinutes(1), count);
  }

  /** Reads {@code 100/minute}; the burst is the count. Empty where the text is no limit. */
  public static Optional<Limit> parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches() || !UNITS.containsKey(matcher.group(2))) {
      return Optional.empty();
    }
    int count = Integer.parseInt(matcher.group(1));
    return count < 1 || count > MAX_COUNT
        ? Optional.empty()
        : Optional.of(new Limit(count, UNITS.get(matcher.group(2)), count));
  }

  /** This limit with another burst; empty where that would take absurdly long to refill. */
  public Optional<Limit> withBurst(int other) {
    try {
      return Optional.of(new Limit(count, period, other));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The time between two requests at the steady rate, GCRA's emission interval: whole microseconds,
   * the same here and in Redis, whose numbers are exact up to 2⁵³.
   */
  public long intervalMicros() {
    return interval(period, count);
  }

  /** The time in which a full burst refills. */
  public long windowMicros() {
    return intervalMicros() * burst;
  }

  private static long interval(Duration period, int count) {
    return Math.max(1, TimeUnit.NANOSECONDS.toMicros(period.toNanos()) / count);
  }
}
