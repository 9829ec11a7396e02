package dev.stoa.discovery;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Asks instances whether they are well and takes those out of their pools that are not, as long as
 * others are. At most {@value #AT_ONCE} checks run at a time; what comes due meanwhile waits for
 * its turn, the longest due first. One per process; runs on a context of its own.
 */
public final class HealthChecks {
  private static final int AT_ONCE = 16;
  private static final long TICK_MILLIS = 100;
  private static final long IDLE_TICK_MILLIS = 1_000;

  /** A pool whose instances are to be checked, and how. */
  public record Checked(InstancePool pool, HealthCheck check) {}

  private final Vertx vertx;
  private final Context context;
  private final Supplier<List<Checked>> wanted;
  private final Map<InstanceState, Probe> probes = new IdentityHashMap<>();
  private HttpClient client;
  private long timer;
  private boolean stopped;

  /**
   * Checks not started yet. Make it outside of any verticle, since it lives as long as the context
   * it was made on.
   *
   * @param wanted asked again and again, so that a reload counts at once; of two entries for one
   *     pool the first counts
   */
  public HealthChecks(Vertx vertx, Supplier<List<Checked>> wanted) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.wanted = wanted;
  }

  public void start() {
    context.runOnContext(v -> tick());
  }

  /** No further check; what the last ones said stays. */
  public Future<Void> stop() {
    return Future.future(
        done ->
            context.runOnContext(
                v -> {
                  stopped = true;
                  vertx.cancelTimer(timer);
                  Future<Void> closed = client == null ? Future.succeededFuture() : client.close();
                  closed.onComplete(done);
                }));
  }

  private void tick() {
    if (stopped) {
      return;
    }
    try {
      check(System.nanoTime());
    } finally { // whatever went wrong may go right the next time
      timer = vertx.setTimer(probes.isEmpty() ? IDLE_TICK_MILLIS : TICK_MILLIS, id -> tick());
    }
  }

  private void check(long now) {
    renew(now);
    int free = AT_ONCE - (int) probes.values().stream().filter(Probe::running).count();
    probes.values().stream()
        .filter(probe -> probe.isDue(now))
        .sorted(Comparator.comparingLong(probe -> probe.dueAt() - now))
        .limit(Math.max(0, free))
        .toList()
        .forEach(probe -> probe.run(client()));
  }

  /** Brings the probes in line with what is to be checked now. */
  private void renew(long now) {
    Set<InstancePool> seen = new HashSet<>();
    Map<InstanceState, Probe> gone = new IdentityHashMap<>(probes);
    for (Checked checked : wanted.get()) {
      if (checked.check().enabled() && seen.add(checked.pool())) {
        for (Member member : checked.pool().members(checked.pool().now()).all()) {
          probes
              .computeIfAbsent(member.state(), state -> new Probe(vertx, now))
              .of(checked, member);
          gone.remove(member.state());
        }
      }
    }
    gone.keySet().forEach(state -> probes.remove(state).forget());
  }

  private HttpClient client() {
    if (client == null) { // most have no checks
      // A new connection each time: a process that takes no more is not well.
      client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
    }
    return client;
  }
}
