package dev.stoa.gateway;

import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The exchanges that hold connections to each server. When most of what the pool has is taken, the
 * one whose client has kept it waiting longest makes room for the next: else clients that read a
 * little now and then could hold them all, each within its time-out. For one event loop.
 */
final class Crowd {
  private static final int MOST = UpstreamClient.SETTINGS.connections() * 3 / 4;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final int most;
  private final long graceNanos;
  private final Map<SocketAddress, Set<ProxyExchange>> byServer = new HashMap<>();

  Crowd() {
    this(MOST, GRACE);
  }

  /**
   * None yet.
   *
   * @param most exchanges of one server that need not make room
   * @param grace how long a client may keep us waiting in any case
   */
  Crowd(int most, Duration grace) {
    this.most = most;
    this.graceNanos = grace.toNanos();
  }

  /** Counts one in; whether it may have to {@linkplain #press press} for its connection. */
  boolean enter(SocketAddress server, ProxyExchange exchange) {
    Set<ProxyExchange> all = byServer.computeIfAbsent(server, s -> new HashSet<>());
    all.add(exchange);
    return all.size() > most;
  }

  /** Somebody waits for a connection to this server. */
  void press(SocketAddress server) {
    Set<ProxyExchange> all = byServer.getOrDefault(server, Set.of());
    if (all.size() > most) {
      makeRoom(all);
    }
  }

  void leave(SocketAddress server, ProxyExchange exchange) {
    Set<ProxyExchange> others = byServer.get(server);
    if (others != null && others.remove(exchange) && others.isEmpty()) {
      byServer.remove(server);
    }
  }

  private void makeRoom(Set<ProxyExchange> exchanges) {
    long now = System.nanoTime();
    ProxyExchange slowest = null;
    long longest = graceNanos;
    for (ProxyExchange exchange : exchanges) {
      long waited = exchange.waitedForClient(now);
      if (waited > longest) {
        slowest = exchange;
        longest = waited;
      }
    }
    if (slowest != null) {
      slowest.giveUpOnClient();
    }
  }
}
