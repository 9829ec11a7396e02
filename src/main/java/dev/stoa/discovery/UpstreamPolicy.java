package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;

/** How the instances of one service are used. */
public record UpstreamPolicy(
    BalancerConfig balancer, OutlierDetection outliers, HealthCheck health) {

  public static final UpstreamPolicy DEFAULT =
      new UpstreamPolicy(BalancerConfig.DEFAULT, OutlierDetection.DEFAULT, HealthCheck.DEFAULT);

  /** The same with another strategy. */
  public UpstreamPolicy with(BalancerConfig.Strategy strategy) {
    return new UpstreamPolicy(balancer.with(strategy), outliers, health);
  }

  /**
   * Reads {@code load_balancer}, {@code outlier_detection} and {@code health_check} of a section.
   *
   * @param fallback holds for what the section does not say
   */
  static UpstreamPolicy from(ConfigReader section, UpstreamPolicy fallback) {
    return new UpstreamPolicy(
        BalancerConfig.from(section, fallback.balancer),
        OutlierDetection.from(section, fallback.outliers),
        HealthCheck.from(section, fallback.health));
  }
}
