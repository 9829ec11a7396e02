package dev.stoa.upstream;

import io.vertx.core.net.TrustOptions;
import java.time.Duration;

/**
 * The bounds of a {@link ConnectionPool}.
 *
 * @param connections to one server at a time
 * @param waiting requests that wait for one of them
 * @param keepAlive how long one may be idle, in whole seconds
 * @param trust whose certificates are believed; null for the platform's
 */
public record PoolSettings(int connections, int waiting, Duration keepAlive, TrustOptions trust) {
  /** Idle below what servers usually grant (5 s and more), so that they rarely close first. */
  public static final PoolSettings DEFAULT =
      new PoolSettings(256, 1_024, Duration.ofSeconds(4), null);

  public PoolSettings withConnections(int most) {
    return new PoolSettings(most, waiting, keepAlive, trust);
  }

  public PoolSettings withWaiting(int most) {
    return new PoolSettings(connections, most, keepAlive, trust);
  }

  public PoolSettings withKeepAlive(Duration most) {
    return new PoolSettings(connections, waiting, most, trust);
  }

  public PoolSettings withTrust(TrustOptions certificates) {
    return new PoolSettings(connections, waiting, keepAlive, certificates);
  }
}
