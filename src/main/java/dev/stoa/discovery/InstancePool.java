package dev.stoa.discovery;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The instances that can stand in for each other (those of one service, or the addresses of a
 * route), with what calls have told of each. Everybody in the process who calls them shares one
 * pool, so that what one caller learns all know. What is known survives changes of the catalog, by
 * instance id, also for a bounded number of instances that have left it.
 *
 * <p>Safe on any thread, without locks.
 */
public final class InstancePool {
  private final String name;
  private final Supplier<List<ServiceInstance>> source;
  private final String zone;
  private final LongSupplier clock;
  private final AtomicReference<Members> members = new AtomicReference<>(Members.NONE);
  private final OutlierWatch outliers = new OutlierWatch(this);

  /**
   * @param source the list in force now; quick, and the same list until it changes
   * @param zone the caller's own; empty where that is not known
   * @param clock nanoseconds, above zero
   */
  InstancePool(
      String name, Supplier<List<ServiceInstance>> source, String zone, LongSupplier clock) {
    this.name = name;
    this.source = source;
    this.zone = zone;
    this.clock = clock;
  }

  /** The service's name, or {@code route:} and the name of a route that leads to addresses. */
  public String name() {
    return name;
  }

  /** What is known of each instance now. */
  public List<InstanceStatus> statuses() {
    long now = now();
    return Arrays.stream(members(now).all()).map(member -> status(member, now)).toList();
  }

  /** Whether there is an instance in good order that this request was not lent yet. */
  public boolean hasFresh(Optional<Lease> tried) {
    long now = now();
    return members(now).anyFresh(tried.orElse(null), now);
  }

  long now() {
    return clock.getAsLong();
  }

  Members members(long now) {
    Members known = members.get();
    return known.of(source.get(), now) ? known : renew(now);
  }

  /** Sorts the members out anew, after something has changed. */
  Members renew(long now) {
    while (true) {
      Members known = members.get();
      for (Member member : known.all()) {
        if (member.state().returns(now)) {
          outliers.returned(member);
        }
      }
      Members next = known.renewed(source.get(), zone, now);
      if (members.compareAndSet(known, next)) {
        return next;
      }
    }
  }

  void succeeded(Member member, OutlierDetection settings) {
    member.state().succeeded();
    outliers.look(settings, now());
  }

  void failed(Member member, CallFailure kind, OutlierDetection settings) {
    long now = now();
    if (settings.counts(kind)) {
      outliers.failed(member, kind, settings, now);
    }
    outliers.look(settings, now);
  }

  static InstanceStatus status(Member member, long now) {
    InstanceState state = member.state();
    Optional<Instant> ejectedUntil =
        state.ejected(now)
            ? Optional.of(Instant.now().plusNanos(state.ejectedUntil() - now))
            : Optional.empty();
    return new InstanceStatus(
        member.instance(),
        state.inFlight(),
        state.successes(),
        state.failures(),
        state.consecutiveFailures(),
        Optional.ofNullable(state.lastFailure()),
        Duration.ofNanos((long) state.latencyNanos()),
        ejectedUntil,
        state.ejections(),
        state.health());
  }
}
