package dev.stoa.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Where one Stoa listens: the same ports again after a restart. */
record Ports(int gateway, int users, int products, int orders, int payments, int management) {
  /** Below the range from which the system takes the ports of outgoing connections. */
  private static final int LOWEST = 12_000;

  private static final int HIGHEST = 32_000;

  /** What was given to somebody who may not listen there yet. */
  private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

  static Ports free() {
    Set<Integer> free = new LinkedHashSet<>();
    while (free.size() < 6) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port) && GIVEN.add(port)) {
        free.add(port);
      }
    }
    List<Integer> ports = List.copyOf(free);
    return new Ports(
        ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), ports.get(5));
  }

  List<String> options() {
    return List.of(
        "--set", "gateway.port=" + gateway,
        "--set", "services.user-service.port=" + users,
        "--set", "services.product-service.port=" + products,
        "--set", "services.order-service.port=" + orders,
        "--set", "services.payment-service.port=" + payments,
        "--set", "management.port=" + management);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
