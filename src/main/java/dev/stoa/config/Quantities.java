package dev.stoa.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
final class Quantities {
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,9})?) ?(ms|s|m|h|d)?");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,18}) ?(b|kb?|mb?|gb?)?");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

  /** A hundred years: whoever needs more means for ever, and nanoseconds still fit a long. */
  private static final Duration MAX_DURATION = Duration.ofDays(36_500);

  private Quantities() {}

  /** {@code 250ms, 30s, 5m, 1h, 1d}; a bare number is seconds; fractions are allowed. */
  static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long unit = MILLIS.get(matcher.group(2) == null ? "s" : matcher.group(2));
    BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    boolean inRange = millis.compareTo(BigDecimal.valueOf(MAX_DURATION.toMillis())) <= 0;
    return inRange
        ? Optional.of(Duration.ofNanos(millis.movePointRight(6).longValue()))
        : Optional.empty();
  }

  /** {@code 512, 64kb, 10mb, 1gb}, powers of 1024, in bytes. */
  static Optional<Long> size(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    String unit = matcher.group(2) == null ? "b" : matcher.group(2);
    int shift =
        switch (unit.charAt(0)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          default -> 0;
        };
    return number <= Long.MAX_VALUE >> shift ? Optional.of(number << shift) : Optional.empty();
  }
}
