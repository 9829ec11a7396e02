package dev.stoa.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How requests went, each with the moment it ended. Safe on any thread; bounded. */
final class Samples {
  private static final int MAX = 200_000;

  /** One request; times in nanoseconds of {@link System#nanoTime}. */
  record Sample(long began, long ended, int status, boolean toldWhen) {
    boolean ok() {
      return status >= 200 && status < 300;
    }
  }

  private final List<Sample> samples = new ArrayList<>();

  synchronized void add(Sample sample) {
    if (samples.size() < MAX) {
      samples.add(sample);
    }
  }

  synchronized int count() {
    return samples.size();
  }

  synchronized long failed() {
    return samples.stream().filter(sample -> !sample.ok()).count();
  }

  /** Those that began within this time. */
  synchronized List<Sample> between(long from, long to) {
    return samples.stream().filter(s -> s.began() >= from && s.began() < to).toList();
  }

  /** Of a share of them, how many milliseconds the slowest took; 0 of none. */
  static double percentileMillis(List<Sample> some, double share) {
    long[] took = some.stream().mapToLong(s -> s.ended() - s.began()).sorted().toArray();
    return took.length == 0 ? 0 : took[(int) Math.ceil(share * took.length) - 1] / 1_000 / 1_000.0;
  }

  /** {@code p99 12.3 ms}. */
  static String p99(List<Sample> some) {
    return String.format(Locale.ROOT, "p99 %.1f ms", percentileMillis(some, 0.99));
  }
}
