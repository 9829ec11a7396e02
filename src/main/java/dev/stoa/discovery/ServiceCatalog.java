package dev.stoa.discovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An immutable snapshot of all services known and their instances. A service that was known once
 * stays known, if need be with no instance: "no such service" and "no instance now" are different
 * answers. Safe on any thread. Equal where it lists the same.
 */
public final class ServiceCatalog {
  public static final ServiceCatalog EMPTY = new ServiceCatalog(new TreeMap<>());

  /** One service: what is asked for at each request stands ready. */
  private record Listed(List<ServiceInstance> instances, List<CatalogEntry> entries) {
    static final Listed NONE = new Listed(List.of(), List.of());

    static Listed of(List<CatalogEntry> entries) {
      return new Listed(
          entries.stream().map(CatalogEntry::instance).toList(), List.copyOf(entries));
    }
  }

  private final Map<String, Listed> byService;

  private ServiceCatalog(TreeMap<String, Listed> byService) {
    this.byService = Collections.unmodifiableMap(byService);
  }

  /**
   * A catalog of these entries, in their order.
   *
   * @param known services that are listed also where they have no instance
   */
  static ServiceCatalog of(Collection<String> known, Collection<CatalogEntry> entries) {
    Map<String, List<CatalogEntry>> grouped = new TreeMap<>();
    known.forEach(service -> grouped.put(service, new ArrayList<>()));
    entries.forEach(
        entry ->
            grouped
                .computeIfAbsent(entry.instance().service(), name -> new ArrayList<>())
                .add(entry));
    TreeMap<String, Listed> listed = new TreeMap<>();
    grouped.forEach((service, list) -> listed.put(service, Listed.of(list)));
    return new ServiceCatalog(listed);
  }

  public boolean knows(String service) {
    return byService.containsKey(service);
  }

  /** The instances of a service in a stable order, stale ones too; empty where there is none. */
  public List<ServiceInstance> instances(String service) {
    return byService.getOrDefault(service, Listed.NONE).instances;
  }

  /** The same, with what is known of each besides. */
  public List<CatalogEntry> entries(String service) {
    return byService.getOrDefault(service, Listed.NONE).entries;
  }

  /** All names, sorted. */
  public Set<String> services() {
    return byService.keySet();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ServiceCatalog catalog && catalog.byService.equals(byService);
  }

  @Override
  public int hashCode() {
    return byService.hashCode();
  }

  @Override
  public String toString() {
    return byService.toString();
  }
}
