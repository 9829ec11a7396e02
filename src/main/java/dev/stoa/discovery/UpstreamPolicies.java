package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.util.Map;
import java.util.TreeMap;

/**
 * How instances are used, for each service: {@code services.<name>.load_balancer}, {@code
 * .outlier_detection} and {@code .health_check} of the configuration; for what a service does not
 * say, the same keys at the top level.
 *
 * @param zone where this process runs, {@code discovery.zone}; empty where that is not known
 * @param byService those that differ from the standard
 */
public record UpstreamPolicies(
    String zone, UpstreamPolicy standard, Map<String, UpstreamPolicy> byService) {

  public static final UpstreamPolicies DEFAULT =
      new UpstreamPolicies("", UpstreamPolicy.DEFAULT, Map.of());

  public UpstreamPolicies {
    byService = Map.copyOf(byService);
  }

  /** Reads all of it, for whatever service is mentioned. */
  public static UpstreamPolicies from(ConfigReader root) {
    UpstreamPolicy standard = UpstreamPolicy.from(root, UpstreamPolicy.DEFAULT);
    ConfigReader services = root.section("services");
    Map<String, UpstreamPolicy> byService = new TreeMap<>();
    for (String name : services.keys()) {
      UpstreamPolicy own = UpstreamPolicy.from(services.section(name), standard);
      if (!own.equals(standard)) {
        byService.put(name, own);
      }
    }
    return new UpstreamPolicies(root.string("discovery.zone", ""), standard, byService);
  }

  /** What holds on a route, which may say the same keys once more. */
  public UpstreamPolicies on(ConfigReader route) {
    Map<String, UpstreamPolicy> own = new TreeMap<>();
    byService.forEach((name, policy) -> own.put(name, UpstreamPolicy.from(route, policy)));
    return new UpstreamPolicies(zone, UpstreamPolicy.from(route, standard), own);
  }

  public UpstreamPolicy of(String service) {
    return byService.getOrDefault(service, standard);
  }
}
