package dev.stoa.discovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes one catalog of what several registries list. An instance is one address of one service:
 * registries may know it under different ids. Where they differ in the rest, the first one is
 * believed, this process first of all, and the difference is noted. For one thread.
 */
final class CatalogMerge {
  /** As many differences as anybody reads. */
  private static final int MAX_DISAGREEMENTS = 100;

  private record Address(String service, String host, int port) {
    static Address of(ServiceInstance instance) {
      return new Address(instance.service(), instance.host(), instance.port());
    }
  }

  private static final class Candidate {
    private final ServiceInstance instance;
    private final Set<String> origins = new TreeSet<>();
    private boolean stale;

    Candidate(ServiceInstance instance, boolean stale) {
      this.instance = instance;
      this.stale = stale;
    }
  }

  private final Map<Address, Candidate> candidates = new LinkedHashMap<>();
  private final Map<String, Address> ids = new HashMap<>();
  private final Set<String> known = new TreeSet<>();
  private final List<String> disagreements = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();

  /** The instances of this very process. */
  CatalogMerge own(Collection<ServiceInstance> instances, Collection<String> services) {
    known.addAll(services);
    instances.forEach(instance -> add(OwnInstances.ORIGIN, instance, false));
    return this;
  }

  /**
   * What a registry lists.
   *
   * @param withdrawn ids to leave out: they are on their way out and this process knows it
   */
  CatalogMerge with(Origin.View view, Set<String> withdrawn) {
    known.addAll(view.known());
    view.entries().stream()
        .filter(entry -> !withdrawn.contains(entry.instance().id()))
        .forEach(entry -> add(view.name(), entry.instance(), entry.stale()));
    if (view.fresh()) {
      asked.add(view.name());
    }
    return this;
  }

  private void add(String origin, ServiceInstance instance, boolean stale) {
    Address address = Address.of(instance);
    Address sameId = ids.putIfAbsent(instance.id(), address);
    if (sameId != null && !sameId.equals(address)) {
      differ(
          "%s is at %s:%d for %s, at %s:%d for others",
          instance.id(), address.host, address.port, origin, sameId.host, sameId.port);
      return;
    }
    Candidate candidate =
        candidates.computeIfAbsent(address, first -> new Candidate(instance, stale));
    candidate.origins.add(origin);
    candidate.stale &= stale;
    ServiceInstance believed = candidate.instance;
    if (believed.weight() != instance.weight() || believed.secure() != instance.secure()) {
      differ("%s has another weight or scheme for %s", instance.id(), origin);
    }
  }

  /** What some list and others, that answer, do not. */
  private void compare() {
    for (Candidate candidate : candidates.values()) {
      for (String registry : asked) {
        if (asked.size() > 1 && !candidate.origins.contains(registry)) {
          differ("%s is not known to %s", candidate.instance.id(), registry);
        }
      }
    }
  }

  private void differ(String text, Object... parts) {
    if (disagreements.size() < MAX_DISAGREEMENTS) {
      disagreements.add(text.formatted(parts));
    }
  }

  /** By id, so that a registry's order is no reason to change the catalog. */
  ServiceCatalog catalog() {
    return ServiceCatalog.of(
        known,
        candidates.values().stream()
            .map(found -> new CatalogEntry(found.instance, found.origins, found.stale))
            .sorted(Comparator.comparing(entry -> entry.instance().id()))
            .toList());
  }

  List<String> disagreements() {
    compare();
    return disagreements;
  }
}
