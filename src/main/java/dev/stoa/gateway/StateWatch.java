package dev.stoa.gateway;

import dev.stoa.discovery.CatalogEntry;
import dev.stoa.discovery.DiscoveryStatus;
import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.InstanceStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds changes of state by comparing what is there with what was there at the look before:
 * instances, registries, the configuration, the process. So whoever changes them need not know that
 * somebody watches, and what changed back in between is not told. For one thread.
 */
final class StateWatch {
  private record Subject(String kind, String name) {}

  private record State(String text, String detail) {}

  private final String node;
  private final InstancePools pools;
  private final Supplier<JsonObject> configuration;
  private final BooleanSupplier stopping;
  private boolean wasUp;
  private Map<Subject, State> before = Map.of();

  StateWatch(
      String node,
      InstancePools pools,
      Supplier<JsonObject> configuration,
      BooleanSupplier stopping) {
    this.node = node;
    this.pools = pools;
    this.configuration = configuration;
    this.stopping = stopping;
  }

  /** What has changed since the look before. */
  List<StateChange> look() {
    Map<Subject, State> now = states();
    Instant at = Instant.now();
    List<StateChange> changes = new ArrayList<>();
    now.forEach(
        (subject, state) -> {
          State old = before.get(subject);
          if (old == null || !old.text.equals(state.text)) {
            changes.add(change(at, subject, old == null ? "" : old.text, state));
          }
        });
    before.forEach(
        (subject, old) -> {
          if (!now.containsKey(subject)) {
            changes.add(change(at, subject, old.text, new State("", "")));
          }
        });
    before = now;
    return changes;
  }

  private StateChange change(Instant at, Subject subject, String from, State to) {
    return new StateChange(at, node, subject.kind, subject.name, from, to.text, to.detail);
  }

  private Map<Subject, State> states() {
    Map<Subject, State> states = new LinkedHashMap<>();
    states.put(new Subject("process", node), process());
    states.put(new Subject("config", "configuration"), configuration());
    DiscoveryStatus status = pools.status();
    status
        .registries()
        .forEach(
            registry ->
                states.put(
                    new Subject("registry", registry.name()),
                    new State(registry.answering() ? "answering" : "away", registry.failure())));
    for (String service : status.catalog().services()) {
      add(states, pools.of(service), stale(status.catalog().entries(service)));
    }
    pools.ofAddresses().forEach(pool -> add(states, pool, Set.of()));
    return states;
  }

  private State process() {
    boolean up = !stopping.getAsBoolean();
    wasUp |= up;
    return new State(up ? "up" : wasUp ? "stopping" : "starting", "");
  }

  private State configuration() {
    JsonObject status = configuration.get();
    boolean stale = "stale".equals(status.getString("status"));
    String revision = status.getString("revision", "");
    return stale
        ? new State(revision + " kept", "A newer one was refused: " + reasons(status))
        : new State(revision, "");
  }

  private static String reasons(JsonObject status) {
    return status.getJsonArray("errors", new JsonArray()).stream()
        .map(String::valueOf)
        .collect(Collectors.joining("; "));
  }

  private static Set<String> stale(List<CatalogEntry> entries) {
    Set<String> stale = new HashSet<>();
    entries.stream().filter(CatalogEntry::stale).forEach(e -> stale.add(e.instance().id()));
    return stale;
  }

  private static void add(Map<Subject, State> states, InstancePool pool, Set<String> stale) {
    for (InstanceStatus status : pool.statuses()) {
      String id = status.instance().id();
      String text = TrafficReport.state(status, stale.contains(id));
      String why = status.lastFailure().map(kind -> "last failure: " + kind).orElse("");
      String detail = text.equals("ejected") ? pool.name() + ", " + why : pool.name();
      states.put(new Subject("instance", id), new State(text, detail));
    }
  }
}
