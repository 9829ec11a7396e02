package dev.stoa.edge;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the open connections of a server, and who was turned away, over all its instances. Safe on
 * any thread; never blocks for long. Entries of clients without a connection are gone, so it holds
 * no more than the server does.
 */
public final class Admission {
  private static final int LENGTH_OF_IPV6_SITE = 8;

  /** Files that may be open, or so many that the configured limit decides. */
  private static final int FILES = openFilesAllowed();

  private final LongAdder shed = new LongAdder();
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<Site, Integer> bySite = new ConcurrentHashMap<>();

  /** An IPv4 address, or the /64 of an IPv6 one, of which its client can use every address. */
  private record Site(long bits, boolean v6) {
    static Site of(InetAddress address) {
      byte[] bytes = address.getAddress();
      boolean v6 = address instanceof Inet6Address;
      long bits = 0;
      for (byte b : v6 ? Arrays.copyOf(bytes, LENGTH_OF_IPV6_SITE) : bytes) {
        bits = bits << 8 | b & 0xff;
      }
      return new Site(bits, v6);
    }
  }

  /** How many connections there may be: a quarter of the files stays for everything else. */
  static int room(EdgeLimits limits) {
    return Math.min(limits.maxConnections(), FILES - FILES / 4);
  }

  /** Whether the server has as many connections as it may. */
  boolean full(EdgeLimits limits) {
    return all.get() >= room(limits);
  }

  /** Whether this client has as many connections as it may. */
  boolean full(InetAddress client, EdgeLimits limits) {
    int most = limits.maxConnectionsPerClient();
    return most > 0
        && bySite.getOrDefault(Site.of(client), 0) >= most
        && !limits.exempt().test(client);
  }

  void entered(InetAddress client) {
    all.incrementAndGet();
    bySite.merge(Site.of(client), 1, Integer::sum);
  }

  void left(InetAddress client) {
    all.decrementAndGet();
    bySite.computeIfPresent(Site.of(client), (site, open) -> open == 1 ? null : open - 1);
  }

  /** A request was turned away for want of time. */
  public void shed() {
    shed.increment();
  }

  /** Requests that were turned away so, since the start. */
  public long turnedAway() {
    return shed.sum();
  }

  /** Connections open now. */
  public int open() {
    return all.get();
  }

  private static int openFilesAllowed() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? (int) Math.min(Integer.MAX_VALUE, unix.getMaxFileDescriptorCount())
        : Integer.MAX_VALUE;
  }
}
