package dev.stoa.gateway;

import java.time.Duration;

/**
 * How long things may take on a route, put together when the first request of a configuration
 * comes. Safe on any thread.
 */
final class RouteBounds {
  private record Held(GatewayConfig config, ProxyTarget.Timeouts timeouts) {}

  private final Duration timeout;
  private volatile Held held;

  /**
   * Of one route.
   *
   * @param timeout until its upstream has begun to answer
   */
  RouteBounds(Duration timeout) {
    this.timeout = timeout;
  }

  ProxyTarget.Timeouts in(GatewayConfig config) {
    Held now = held;
    if (now == null || now.config != config) {
      now = new Held(config, timeouts(config));
      held = now;
    }
    return now.timeouts;
  }

  private ProxyTarget.Timeouts timeouts(GatewayConfig config) {
    return new ProxyTarget.Timeouts(
        config.connectTimeout(),
        timeout,
        config.idleTimeout(),
        config.streamTimeout(),
        new ClientPace.Least(config.edge().minBodyRate(), config.edge().rateWindow()));
  }
}
