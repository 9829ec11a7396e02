package dev.stoa.gateway;

import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import java.util.List;
import java.util.Set;

/**
 * What services answer to each other and to operators and never to the world: logging in past the
 * gateway's limit, stock reservations, health and metrics.
 */
final class InternalPaths {
  /** The services of this system, whose internal paths no configured route may open either. */
  static final Set<String> BUILT_IN =
      Set.of("user-service", "product-service", "order-service", "payment-service");

  private static final List<String> OF_BUILT_IN = List.of("auth", "reservations");
  private static final List<String> OF_ANY = List.of("auth", "reservations", "health", "metrics");

  private InternalPaths() {}

  /** Whether a service reached without a configured route keeps this path to itself. */
  static boolean ofAny(String upstreamPath) {
    return isBelow(OF_ANY, upstreamPath);
  }

  /** Whether the target is a service of this system, under its name or address, and so keeps it. */
  static boolean ofBuiltIn(Target target, String upstreamPath, ServiceCatalog catalog) {
    return isBelow(OF_BUILT_IN, upstreamPath)
        && (BUILT_IN.contains(target.host())
            || BUILT_IN.stream()
                .flatMap(name -> catalog.instances(name).stream())
                .anyMatch(instance -> isAt(target, instance)));
  }

  private static boolean isAt(Target target, ServiceInstance instance) {
    String host = target.host().equals("localhost") ? "127.0.0.1" : target.host();
    return instance.port() == target.port() && instance.host().equals(host);
  }

  private static boolean isBelow(List<String> segments, String path) {
    for (int i = 0; i < segments.size(); i++) {
      if (isBelow(segments.get(i), path)) {
        return true;
      }
    }
    return false;
  }

  /** In any case of letters and with any parameters: stricter than any server is. */
  private static boolean isBelow(String segment, String path) {
    int end = 1 + segment.length();
    return path.regionMatches(true, 1, segment, 0, segment.length())
        && (end == path.length() || path.charAt(end) == '/' || path.charAt(end) == ';');
  }
}
