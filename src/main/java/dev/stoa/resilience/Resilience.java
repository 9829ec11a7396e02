package dev.stoa.resilience;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All guards of this process, by name. One per process; make it outside of any verticle, since its
 * timers live as long as the context it was made on. Each change of a breaker's state is a line in
 * the log and an event on the bus, at {@link #BREAKER_EVENTS}. Safe on any thread.
 */
public final class Resilience {
  /** Where changes of breakers are published: {@code node, upstream, from, to, open_for_ms, at}. */
  public static final String BREAKER_EVENTS = "stoa.resilience.breaker";

  private static final Logger LOG = LoggerFactory.getLogger(Resilience.class);

  private final Vertx vertx;
  private final String node;
  private final Context context;
  private final Map<String, Guard> guards = new ConcurrentHashMap<>();

  /**
   * Without a guard yet.
   *
   * @param node what this process is called where its breakers are told of
   */
  public Resilience(Vertx vertx, String node) {
    this.vertx = vertx;
    this.node = node;
    this.context = vertx.getOrCreateContext();
  }

  /**
   * The guard of that name, made with this configuration where there is none yet.
   *
   * @param services whose instances the guarded upstream consists of
   */
  public Guard guard(String name, Set<String> services, GuardConfig config) {
    Guard known = guards.get(name);
    return known != null ? known : guards.computeIfAbsent(name, n -> make(n, services, config));
  }

  /** The guard of this name, where there has been reason to make one. */
  public Optional<Guard> known(String name) {
    return Optional.ofNullable(guards.get(name));
  }

  /** This service has an instance that it did not have before. */
  public void joined(String service) {
    guards.values().forEach(guard -> guard.joined(service));
  }

  /** What this process is called. */
  public String node() {
    return node;
  }

  /** Forgets guards that nobody will ask for again; one that is asked for nevertheless is new. */
  public void forget(Predicate<String> names) {
    guards.keySet().removeIf(names);
  }

  /** What is to be seen of all guards, by name. */
  public List<GuardStatus> status() {
    return guards.values().stream()
        .map(Guard::status)
        .sorted(Comparator.comparing(GuardStatus::upstream))
        .toList();
  }

  private Guard make(String name, Set<String> services, GuardConfig config) {
    BulkheadConfig bulkhead = config.bulkhead();
    return new Guard(
        new Watched(node, name, services),
        new Breaker(name, vertx, context, config.breaker(), this::tell),
        new Bulkhead(vertx, bulkhead.maxConcurrent(), bulkhead.maxQueue()),
        config);
  }

  private void tell(BreakerChange change) {
    if (change.to() == BreakerState.OPEN) {
      LOG.warn(
          "breaker of {}: {} after {}, no call for {} ms",
          change.upstream(),
          change.to().text(),
          change.from().text(),
          change.openFor().toMillis());
    } else {
      LOG.info(
          "breaker of {}: {} after {}",
          change.upstream(),
          change.to().text(),
          change.from().text());
    }
    vertx.eventBus().publish(BREAKER_EVENTS, change.toJson(node));
  }
}
