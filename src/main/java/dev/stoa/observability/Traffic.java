package dev.stoa.observability;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * What goes through this process now, for whoever draws it: rate, errors and percentiles of the
 * last seconds, by route, by upstream and its instances, and by operation of the services that run
 * here. It is what the metrics count, looked at twice: {@link #sample} is called every few seconds,
 * and the others compare now with the oldest look that is kept, 10 to 15 seconds ago. Get it from
 * {@link Metrics#traffic()}. Safe on any thread; made anew at each call, so a caller that draws it
 * for many asks once.
 */
public final class Traffic {
  /** How often {@link #sample} is to be called. */
  public static final Duration PERIOD = Duration.ofSeconds(5);

  private static final int LOOKS = 3;

  private record Total(Durations durations, long failed) {
    static final Total NONE = new Total(Durations.NONE, 0);
  }

  private record Look(long nanos, Map<List<String>, Total> totals) {}

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

  /**
   * By the name of the route; {@code none} is what matched none, {@code stoa} the gateway's own.
   */
  public Map<String, Flow> routes() {
    return flows("route");
  }

  /** By the name of the upstream, of all attempts of the gateway's. */
  public Map<String, Flow> upstreams() {
    return flows("upstream", "gateway");
  }

  /** The same of the attempts that services make at each other. */
  public Map<String, Flow> calls() {
    return flows("upstream", "services");
  }

  /** By instance id, of the gateway's attempts at one upstream. */
  public Map<String, Flow> instances(String upstream) {
    return flows("instance", "gateway", upstream);
  }

  /** By operation id, of one service that runs here. */
  public Map<String, Flow> operations(String service) {
    return flows("operation", service);
  }

  private Map<String, Flow> flows(String... prefix) {
    Look now = look();
    Look before;
    synchronized (looks) {
      before = looks.getFirst();
    }
    Duration over = Duration.ofNanos(now.nanos - before.nanos);
    List<String> path = List.of(prefix);
    Map<String, Flow> flows = new TreeMap<>();
    now.totals.forEach(
        (key, total) -> {
          if (key.size() == path.size() + 1 && key.subList(0, path.size()).equals(path)) {
            Total then = before.totals.getOrDefault(key, Total.NONE);
            flows.put(
                key.get(path.size()),
                new Flow(
                    over,
                    Math.max(0, total.failed - then.failed),
                    total.durations.minus(then.durations)));
          }
        });
    return flows;
  }

  private Look look() {
    Map<List<String>, Total> totals = new HashMap<>();
    requests
        .family()
        .rows()
        .forEach(
            row ->
                totals.put(
                    List.of("route", row.labels().get(0)), total(row, RequestMeter::failed)));
    operations
        .family()
        .rows()
        .forEach(
            row ->
                totals.put(
                    List.of("operation", row.labels().get(0), row.labels().get(1)),
                    total(row, OperationMeter::failed)));
    attempts.forEach(
        (from, meter) ->
            meter
                .rows()
                .forEach(
                    (upstream, row) -> {
                      totals.put(
                          List.of("upstream", from, upstream), total(row, AttemptMeter::failed));
                      meter
                          .instances(upstream)
                          .forEach(
                              (id, instance) ->
                                  totals.put(
                                      List.of("instance", from, upstream, id),
                                      total(instance, AttemptMeter::failed)));
                    }));
    return new Look(System.nanoTime(), totals);
  }

  private static Total total(TimeRow row, IntPredicate failed) {
    return new Total(row.sum(column -> true), row.sum(failed).count());
  }
}
