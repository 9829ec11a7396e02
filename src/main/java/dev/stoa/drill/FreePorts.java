package dev.stoa.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback that nobody uses now. They are below those that systems hand out for outgoing
 * connections (RFC 6335 from 49152, Linux from 32768), so that none of them is gone when it is
 * used.
 */
final class FreePorts {
  private static final int LOWEST = 12_000;
  private static final int HIGHEST = 32_000;
  private static final int MAX_TRIES = 10_000;

  private FreePorts() {}

  static List<Integer> some(int count) {
    Set<Integer> free = new LinkedHashSet<>();
    for (int tries = 0; free.size() < count && tries < MAX_TRIES; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        free.add(port);
      }
    }
    if (free.size() < count) {
      throw new DrillFailure("no free ports from " + LOWEST + " to " + HIGHEST);
    }
    return List.copyOf(free);
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
