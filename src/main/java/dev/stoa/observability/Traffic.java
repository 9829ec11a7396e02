package dev.stoa.observability;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What goes through this process now, for whoever draws it: rate, errors and percentiles of the
 * last seconds, by route, by upstream and its instances, and by operation of the services that run
 * here. It is what the metrics count, looked at twice: {@link #sample} is called every few seconds,
 * and {@link #flows} compares now with the oldest look that is kept, 10 to 15 seconds ago. Get it
 * from {@link Metrics#traffic()}. Safe on any thread; made anew at each call, so a caller that
 * draws it for many asks once.
 */
public final class Traffic {
  /** How often {@link #sample} is to be called. */
  public static final Duration PERIOD = Duration.ofSeconds(5);

  private static final int LOOKS = 3;
  private static final String GATEWAY = "gateway";
  private static final String SERVICES = "services";

  private record Total(Durations durations, long failed) {
    static final Total NONE = new Total(Durations.NONE, 0);

    Flow since(Total then, Duration over) {
      return new Flow(over, Math.max(0, failed - then.failed), durations.minus(then.durations));
    }
  }

  private enum Kind {
    ROUTE,
    UPSTREAM,
    INSTANCE,
    OPERATION
  }

  /** What is counted; {@code of} is what it belongs to, and empty of a route. */
  private record Subject(Kind kind, String of, String name) {}

  private record Look(long nanos, Map<Subject, Total> totals) {}

  private final RequestMeter requests;
  private final Map<String, AttemptMeter> attempts;
  private final OperationMeter operations;
  private final Deque<Look> looks = new ArrayDeque<>();

  Traffic(RequestMeter requests, Map<String, AttemptMeter> attempts, OperationMeter operations) {
    this.requests = requests;
    this.attempts = attempts;
    this.operations = operations;
    looks.add(new Look(System.nanoTime(), Map.of()));
  }

  /** Remembers how things stand. */
  public void sample() {
    Look now = look();
    synchronized (looks) {
      looks.addLast(now);
      if (looks.size() > LOOKS) {
        looks.removeFirst();
      }
    }
  }

  /** All that there is, of one look at each row. */
  public Flows flows() {
    Look now = look();
    Look before;
    synchronized (looks) {
      before = looks.getFirst();
    }
    Duration over = Duration.ofNanos(now.nanos - before.nanos);
    Map<Kind, Map<String, Map<String, Flow>>> found = new EnumMap<>(Kind.class);
    now.totals.forEach(
        (subject, total) -> {
          Total then = before.totals.getOrDefault(subject, Total.NONE);
          found
              .computeIfAbsent(subject.kind, kind -> new HashMap<>())
              .computeIfAbsent(subject.of, of -> new TreeMap<>())
              .put(subject.name, total.since(then, over));
        });
    return new Flows(
        all(found, Kind.ROUTE).getOrDefault("", Map.of()),
        all(found, Kind.UPSTREAM).getOrDefault(GATEWAY, Map.of()),
        all(found, Kind.UPSTREAM).getOrDefault(SERVICES, Map.of()),
        all(found, Kind.INSTANCE),
        all(found, Kind.OPERATION));
  }

  private static Map<String, Map<String, Flow>> all(
      Map<Kind, Map<String, Map<String, Flow>>> found, Kind kind) {
    return found.getOrDefault(kind, Map.of());
  }

  private Look look() {
    Map<Subject, Total> totals = new HashMap<>();
    requests
        .family()
        .rows()
        .forEach(
            row ->
                totals.put(
                    new Subject(Kind.ROUTE, "", row.labels().get(0)),
                    total(row, RequestMeter::failed)));
    operations
        .family()
        .rows()
        .forEach(
            row ->
                totals.put(
                    new Subject(Kind.OPERATION, row.labels().get(0), row.labels().get(1)),
                    total(row, OperationMeter::failed)));
    attempts.forEach(
        (from, meter) ->
            meter
                .rows()
                .forEach(
                    (upstream, row) ->
                        totals.put(
                            new Subject(Kind.UPSTREAM, from, upstream),
                            total(row, AttemptMeter::failed))));
    AttemptMeter gateway = attempts.get(GATEWAY);
    gateway
        .rows()
        .keySet()
        .forEach(
            upstream ->
                gateway
                    .instances(upstream)
                    .forEach(
                        (id, row) ->
                            totals.put(
                                new Subject(Kind.INSTANCE, upstream, id),
                                total(row, AttemptMeter::failed))));
    return new Look(System.nanoTime(), totals);
  }

  private static Total total(TimeRow row, IntPredicate failed) {
    return new Total(row.sum(column -> true), row.sum(failed).count());
  }
}
