package dev.stoa.gateway;

import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import java.util.Locale;
import java.util.Set;

/**
 * What services answer to each other and to operators and never to the world: logging in past the
 * gateway's limit, stock reservations, health and metrics.
 */
final class InternalPaths {
  /** The services of this system, whose internal paths no configured route may open either. */
  static final Set<String> BUILT_IN =
      Set.of("user-service", "product-service", "order-service", "payment-service");

  private static final Set<String> OF_BUILT_IN = Set.of("auth", "reservations");
  private static final Set<String> OF_ANY = Set.of("auth", "reservations", "health", "metrics");

  private InternalPaths() {}

  /** Whether a service reached without a configured route keeps this path to itself. */
  static boolean ofAny(String upstreamPath) {
    return OF_ANY.contains(firstSegment(upstreamPath));
  }

  /** Whether the target is a service of this system, under its name or address, and so keeps it. */
  static boolean ofBuiltIn(Target target, String upstreamPath, ServiceCatalog catalog) {
    return OF_BUILT_IN.contains(firstSegment(upstreamPath))
        && (BUILT_IN.contains(target.host())
            || BUILT_IN.stream()
                .flatMap(name -> catalog.instances(name).stream())
                .anyMatch(instance -> isAt(target, instance)));
  }

  private static boolean isAt(Target target, ServiceInstance instance) {
    String host = target.host().equals("localhost") ? "127.0.0.1" : target.host();
    return instance.port() == target.port() && instance.host().equals(host);
  }

  /** In lower case and without parameters: stricter than any server is. */
  private static String firstSegment(String path) {
    int slash = path.indexOf('/', 1);
    String segment = path.substring(1, slash < 0 ? path.length() : slash);
    int parameters = segment.indexOf(';');
    return (parameters < 0 ? segment : segment.substring(0, parameters)).toLowerCase(Locale.ROOT);
  }
}
