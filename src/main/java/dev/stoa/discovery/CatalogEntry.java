package dev.stoa.discovery;

import java.util.Set;

/**
 * An instance as the catalog lists it.
 *
 * @param origins the registries that tell of it ({@code local}, {@code consul}, …), never empty
 * @param stale whether this is what was known last: none of its registries confirms it now, because
 *     they are away or have lost it; it may still work, and gets requests
 */
public record CatalogEntry(ServiceInstance instance, Set<String> origins, boolean stale) {
  public CatalogEntry {
    origins = Set.copyOf(origins);
  }
}
