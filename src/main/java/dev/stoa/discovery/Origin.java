package dev.stoa.discovery;

import dev.stoa.discovery.Directory.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * What one directory is believed to list. Its answers are not taken at their word: a directory that
 * fails leaves everything as it was last known, marked stale; one that has forgotten everything is
 * given time to learn it again; and where more than half is gone at once, it is asked twice. For
 * one thread.
 */
final class Origin {
  /** A directory with more names than this is broken, or meant for somebody else. */
  static final int MAX_SERVICES = 10_000;

  /** Gone from the directory, and believed to be there until then. */
  private record Missed(ServiceInstance instance, long untilMillis) {}

  /**
   * What the catalog is made of.
   *
   * @param known also services without an instance now
   * @param fresh whether the directory answers
   */
  record View(String name, boolean fresh, List<Entry> entries, Set<String> known) {
    record Entry(ServiceInstance instance, boolean stale) {}
  }

  private final String name;
  private final Duration keepLost;
  private final Duration confirmAfter;
  private final Set<String> known = new TreeSet<>();
  private final Map<String, Missed> missed = new LinkedHashMap<>();
  private Map<String, ServiceInstance> confirmed = Map.of();
  private Set<String> unconfirmed = Set.of();
  private boolean fresh;
  private boolean doubted;
  private boolean forgetful;
  private Instant since;
  private String failure = "not asked yet";

  Origin(String name, Duration keepLost, Duration confirmAfter, Instant now) {
    this.name = name;
    this.keepLost = keepLost;
    this.confirmAfter = confirmAfter;
    this.since = now;
  }

  /**
   * Takes over what was known before a restart of this process, or of discovery within it, where
   * nothing is known yet.
   *
   * @param names also those of services without an instance
   */
  void remember(Collection<ServiceInstance> instances, Collection<String> names) {
    if (confirmed.isEmpty()) {
      confirmed = byId(instances);
    }
    know(services(instances));
    know(names);
  }

  /** The directory has answered. */
  void read(Reading reading, long nowMillis, Instant now) {
    Map<String, ServiceInstance> present = byId(reading.instances());
    confirmed.forEach(
        (id, instance) -> {
          if (reading.unconfirmed().contains(instance.service())) {
            present.putIfAbsent(id, instance);
          }
        });
    Map<String, ServiceInstance> gone = new LinkedHashMap<>(confirmed);
    gone.keySet().removeAll(present.keySet());
    missed.keySet().removeAll(present.keySet());
    missed.values().removeIf(miss -> miss.untilMillis <= nowMillis);
    long patience = patience(gone.size()).toMillis();
    if (patience > 0) {
      gone.forEach((id, instance) -> missed.put(id, new Missed(instance, nowMillis + patience)));
    }
    confirmed = present;
    unconfirmed = Set.copyOf(reading.unconfirmed());
    know(reading.services());
    know(services(reading.instances()));
    doubted = false;
    forgetful = false;
    failure = "";
    if (!fresh) {
      fresh = true;
      since = now;
    }
  }

  /** How long what is gone is believed to be there all the same. */
  private Duration patience(int gone) {
    boolean most = gone * 2 > confirmed.size();
    if (gone > 0 && (forgetful || doubted && most)) {
      return keepLost;
    }
    // After a failure it may have been started anew and half know again what it did.
    return most || doubted ? confirmAfter : Duration.ZERO;
  }

  /** The directory does not answer. */
  void away(String cause, Instant now) {
    doubted = true;
    failure = cause;
    if (fresh) {
      fresh = false;
      since = now;
    }
  }

  /** The directory has lost its memory. */
  void restarted() {
    forgetful = true;
  }

  /** When it has to be asked again, because something is missing that was there. */
  OptionalLong askAgainAtMillis() {
    return missed.values().stream().mapToLong(Missed::untilMillis).min();
  }

  View view() {
    List<View.Entry> entries = new ArrayList<>();
    confirmed
        .values()
        .forEach(
            instance ->
                entries.add(
                    new View.Entry(instance, !fresh || unconfirmed.contains(instance.service()))));
    missed.values().forEach(miss -> entries.add(new View.Entry(miss.instance, true)));
    return new View(name, fresh, List.copyOf(entries), Set.copyOf(known));
  }

  RegistryStatus status() {
    return new RegistryStatus(name, fresh, since, failure, confirmed.size(), missed.size());
  }

  private void know(Collection<String> services) {
    for (String service : services) {
      if (known.size() < MAX_SERVICES) {
        known.add(service);
      }
    }
  }

  private static List<String> services(Collection<ServiceInstance> instances) {
    return instances.stream().map(ServiceInstance::service).toList();
  }

  private static Map<String, ServiceInstance> byId(Collection<ServiceInstance> instances) {
    Map<String, ServiceInstance> byId = new LinkedHashMap<>();
    instances.forEach(instance -> byId.putIfAbsent(instance.id(), instance));
    return byId;
  }
}
