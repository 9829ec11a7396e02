package dev.stoa.limits;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits how often something may happen, by the generic cell rate algorithm (ITU-T I.371, annex A;
 * described for web services by Brandur Leach, "Rate Limiting, Cells, and GCRA"): per key one
 * number, the theoretical arrival time at which the key would be as good as new. One instance
 * serves all gateways of a process, so that a client cannot multiply its limit by opening
 * connections.
 *
 * <p>Safe on any thread; lock-free per key. The number of keys is bounded: keys that are as good as
 * new are forgotten first, and only if that does not make room, those nearest to it. The limit is
 * part of the key, so a reload that changes a limit starts it anew and any other survives.
 */
public final class RateLimiter {
  private static final int DEFAULT_MAX_KEYS = 100_000;
  private static final int FIRST_SWEEP = 1024;

  /** Marks a cell that the sweep has taken out of the map; whoever still holds it looks again. */
  private static final long GONE = Long.MIN_VALUE;

  /** Written out, since it is asked for with each request. */
  private record Key(String scope, String subject, Limit limit) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && subject.equals(key.subject)
          && scope.equals(key.scope)
          && (limit == key.limit || limit.equals(key.limit));
    }

    @Override
    public int hashCode() {
      return 31 * scope.hashCode() + subject.hashCode(); // a scope seldom has two limits
    }
  }

  private final ConcurrentHashMap<Key, AtomicLong> cells = new ConcurrentHashMap<>();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final LongSupplier nanos;
  private final long origin;
  private final int maxKeys;
  private volatile int sweepAt;

  /** A limiter for this process, on its own clock. */
  public RateLimiter() {
    this(System::nanoTime, DEFAULT_MAX_KEYS);
  }

  /**
   * A limiter on a given clock.
   *
   * @param nanos a monotonic clock, as {@link System#nanoTime()}
   */
  RateLimiter(LongSupplier nanos, int maxKeys) {
    this.nanos = nanos;
    this.origin = nanos.getAsLong();
    this.maxKeys = maxKeys;
    this.sweepAt = Math.min(FIRST_SWEEP, maxKeys);
  }

  /**
   * Lets one pass, or not; a refused attempt costs nothing.
   *
   * @param scope what is limited, a route's name
   * @param subject who is limited, a user or an address
   */
  public Verdict take(String scope, String subject, Limit limit) {
    Key key = new Key(scope, subject, limit);
    long now = now();
    while (true) {
      AtomicLong cell = cell(key, now);
      long arrival = cell.get();
      if (arrival == GONE) {
        cells.remove(key, cell);
        continue;
      }
      long next = Math.max(arrival, now) + limit.intervalMicros();
      Verdict verdict = verdict(limit, now, next);
      if (!verdict.allowed() || cell.compareAndSet(arrival, next)) {
        return verdict;
      }
    }
  }

  /** What {@link #take} would say now, without taking anything. */
  Verdict look(String scope, String subject, Limit limit) {
    AtomicLong cell = cells.get(new Key(scope, subject, limit));
    long now = now();
    long arrival = cell == null ? now : Math.max(now, cell.get());
    return verdict(limit, now, arrival + limit.intervalMicros());
  }

  /** Who has used most of their limit, the most first; looks at every key. */
  List<Usage> busiest(int most) {
    long now = now();
    PriorityQueue<Usage> found = new PriorityQueue<>(Comparator.comparingDouble(Usage::share));
    cells.forEach(
        (key, cell) -> {
          long ahead = cell.get() - now;
          if (ahead > 0) {
            long left = (key.limit.windowMicros() - ahead) / key.limit.intervalMicros();
            found.add(new Usage(key.scope, key.subject, key.limit, Math.max(0, left), ahead));
            if (found.size() > most) {
              found.poll();
            }
          }
        });
    return found.stream().sorted(Comparator.comparingDouble(Usage::share).reversed()).toList();
  }

  /** With {@code next} for the arrival time, should it pass. */
  private static Verdict verdict(Limit limit, long now, long next) {
    long excess = next - now - limit.windowMicros();
    return excess > 0
        ? new Verdict(false, 0, next - limit.intervalMicros() - now, excess, false)
        : new Verdict(true, -excess / limit.intervalMicros(), next - now, 0, false);
  }

  int keys() {
    return cells.size();
  }

  /** How long until the key is as good as new; 0 where it is. */
  long ahead(String scope, String subject, Limit limit) {
    AtomicLong cell = cells.get(new Key(scope, subject, limit));
    return cell == null ? 0 : Math.max(0, cell.get() - now());
  }

  /**
   * Notes what somebody else has counted: the key is not as good as new before then.
   *
   * @param arrival on this limiter's clock, {@link #now}
   */
  void know(String scope, String subject, Limit limit, long arrival) {
    Key key = new Key(scope, subject, limit);
    while (true) {
      AtomicLong cell = cell(key, now());
      long known = cell.get();
      if (known == GONE) {
        cells.remove(key, cell);
      } else if (known >= arrival || cell.compareAndSet(known, arrival)) {
        return;
      }
    }
  }

  private AtomicLong cell(Key key, long now) {
    AtomicLong cell = cells.get(key);
    return cell == null ? insert(key, now) : cell;
  }

  /** Microseconds since the beginning. */
  long now() {
    return TimeUnit.NANOSECONDS.toMicros(nanos.getAsLong() - origin);
  }

  private AtomicLong insert(Key key, long now) {
    if (cells.mappingCount() >= sweepAt && sweeping.compareAndSet(false, true)) {
      try {
        sweep(now);
      } finally {
        sweeping.set(false);
      }
    }
    return cells.computeIfAbsent(key, k -> new AtomicLong(now));
  }

  /**
   * Forgets what is as good as new, then a sixteenth of the rest if the map is still full. The next
   * sweep waits until the map has doubled, so that a key costs a constant share of the sweeps.
   */
  private void sweep(long now) {
    forgetUntil(now);
    if (cells.size() >= maxKeys) {
      long[] arrivals = cells.values().stream().mapToLong(AtomicLong::get).sorted().toArray();
      forgetUntil(arrivals[arrivals.length / 16]);
    }
    sweepAt = Math.min(maxKeys, Math.max(FIRST_SWEEP, 2 * cells.size()));
  }

  private void forgetUntil(long limit) {
    cells.forEach(
        (key, cell) -> {
          long arrival = cell.get();
          if (arrival <= limit && cell.compareAndSet(arrival, GONE)) {
            cells.remove(key, cell);
          }
        });
  }
}
