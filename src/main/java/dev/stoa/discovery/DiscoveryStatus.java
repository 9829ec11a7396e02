package dev.stoa.discovery;

import java.util.List;

/**
 * Everything that discovery knows at one moment.
 *
 * @param registries those outside of this process, in the order in which they are believed
 * @param disagreements where registries tell different things of one instance, in words; bounded
 */
public record DiscoveryStatus(
    List<RegistryStatus> registries, ServiceCatalog catalog, List<String> disagreements) {
  public DiscoveryStatus {
    registries = List.copyOf(registries);
    disagreements = List.copyOf(disagreements);
  }
}
