package dev.stoa.edge;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The bounds of what a client may take of a server. Read anew for each decision, so they can be
 * reloaded.
 *
 * @param maxConnections open at the same time, whosever; less where the process may not have so
 *     many files open (see {@link Admission})
 * @param maxConnectionsPerClient of them from one address (IPv6: one /64); zero for no bound
 * @param headerTimeout until the head of a request is complete, from its first byte; on a new
 *     connection, from the connect
 * @param minBodyRate bytes per second that a request body must keep up, averaged over {@link
 *     #rateWindowNanos}; zero for no bound
 * @param maxOpenBodies incomplete request bodies on their way to upstreams in one event loop; more
 *     wait in their gates. Few enough that slow ones leave most of an upstream's places to others
 * @param exempt addresses that are not counted per client: proxies that bring many clients
 */
public record EdgeLimits(
    int maxConnections,
    int maxConnectionsPerClient,
    Duration headerTimeout,
    int minBodyRate,
    int maxOpenBodies,
    Predicate<InetAddress> exempt) {

  public static final int MAX_CONNECTIONS = 8_000;
  public static final int MAX_CONNECTIONS_PER_CLIENT = 1_000;
  public static final Duration HEADER_TIMEOUT = Duration.ofSeconds(10);
  public static final int MIN_BODY_RATE = 240;
  public static final int MAX_OPEN_BODIES = 6;

  /** For servers that are not configured any further. */
  public static final EdgeLimits DEFAULT =
      new EdgeLimits(
          MAX_CONNECTIONS,
          MAX_CONNECTIONS_PER_CLIENT,
          HEADER_TIMEOUT,
          MIN_BODY_RATE,
          MAX_OPEN_BODIES,
          address -> false);

  public EdgeLimits {
    Objects.requireNonNull(headerTimeout, "headerTimeout");
    Objects.requireNonNull(exempt, "exempt");
    if (maxConnections < 1 || maxConnectionsPerClient < 0 || minBodyRate < 0 || maxOpenBodies < 1) {
      throw new IllegalArgumentException("limits below their least");
    }
  }

  /**
   * The same for callers that bring many clients, and that shall lose their patience with them
   * first: what a slow client does would look like a failure of ours to them.
   */
  public EdgeLimits behindGateways() {
    return new EdgeLimits(
        maxConnections, 0, headerTimeout.multipliedBy(6), minBodyRate, maxOpenBodies, exempt);
  }

  /** Over which time the rate of a body is measured. */
  public Duration rateWindow() {
    return headerTimeout.plus(headerTimeout); // multipliedBy goes by way of a BigDecimal
  }

  long rateWindowNanos() {
    return rateWindow().toNanos();
  }
}
