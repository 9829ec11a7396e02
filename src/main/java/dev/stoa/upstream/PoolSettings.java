package dev.stoa.upstream;

import io.vertx.core.net.TrustOptions;
import java.time.Duration;

/**
 * The bounds of a {@link ConnectionPool}.
 *
 * @param connections to one server at a time
 * @param waiting requests that wait for one of them
 * @param keepAlive how long one may be idle, in whole seconds, and still be given to whoever asks
 * @param reserve how long to what may be sent again: such a connection may have been closed by its
 *     server in the very moment. In whole seconds
 * @param trust whose certificates are believed; null for the platform's
 */
public record PoolSettings(
    int connections, int waiting, Duration keepAlive, Duration reserve, TrustOptions trust) {
  /** Kept below what servers usually grant (5 s and more), so that they rarely close first. */
  public static final PoolSettings DEFAULT =
      new PoolSettings(256, 1_024, Duration.ofSeconds(4), Duration.ofSeconds(30), null);

  public PoolSettings withConnections(int most) {
    return new PoolSettings(most, waiting, keepAlive, reserve, trust);
  }

  public PoolSettings withWaiting(int most) {
    return new PoolSettings(connections, most, keepAlive, reserve, trust);
  }

  public PoolSettings withKeepAlive(Duration most) {
    return new PoolSettings(connections, waiting, most, reserve, trust);
  }

  public PoolSettings withReserve(Duration most) {
    return new PoolSettings(connections, waiting, keepAlive, most, trust);
  }

  public PoolSettings withTrust(TrustOptions certificates) {
    return new PoolSettings(connections, waiting, keepAlive, reserve, certificates);
  }
}
