package dev.stoa.observability;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Rate, errors and duration of requests (the RED method), by route, method and class of status.
 * Safe on any thread; one look-up in a map for each request.
 */
public final class RequestMeter {
  /** What is counted under one name for good measure: a client must not be able to make series. */
  private static final int MAX_SERIES = 2_000;

  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private record Series(String route, String method, int statusClass) {}

  private final MeterRegistry registry;
  private final String name;
  private final String description;
  private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

  RequestMeter(MeterRegistry registry, String name, String description) {
    this.registry = registry;
    this.name = name;
    this.description = description;
  }

  /**
   * One request is over.
   *
   * @param route one of a bounded number of names, never a path
   * @param method one of the methods that are known
   * @param status 0 where the client went away before there was one
   * @param nanos from the first byte of the head to the last of the answer
   */
  public void record(String route, String method, int status, long nanos) {
    Series series = new Series(route, method, status / 100);
    Timer timer = timers.get(series);
    if (timer == null) {
      timer =
          timers.size() < MAX_SERIES
              ? timers.computeIfAbsent(series, this::timer)
              : timers.computeIfAbsent(new Series("other", "other", status / 100), this::timer);
    }
    timer.record(Duration.ofNanos(nanos));
  }

  private Timer timer(Series series) {
    String status = series.statusClass() == 0 ? "abandoned" : series.statusClass() + "xx";
    return Timer.builder(name)
        .description(description)
        .tag("route", series.route())
        .tag("method", series.method())
        .tag("status", status)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }
}
