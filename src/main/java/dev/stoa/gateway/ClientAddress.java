package dev.stoa.gateway;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Whose address a request comes from. */
final class ClientAddress {
  private static final int LENGTH_OF_IPV6_SITE = 8;

  private ClientAddress() {}

  /**
   * The address of the client: the peer of the connection, or, behind a proxy of ours, the entry
   * furthest to the right of {@code X-Forwarded-For} that is none of our proxies. What stands
   * further left was written by whoever that is, and proves nothing.
   *
   * @param forwardedFor the values of the field in their order
   */
  static String of(String peer, List<String> forwardedFor, List<AddressRange> trustedProxies) {
    if (forwardedFor.isEmpty() || !isIn(trustedProxies, peer)) {
      return peer;
    }
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    String client = peer;
    for (int i = hops.length - 1; i >= 0; i--) {
      String hop = withoutPort(hops[i].strip());
      if (AddressRange.address(hop) == null) {
        return client;
      }
      client = hop;
      if (!isIn(trustedProxies, hop)) {
        return client;
      }
    }
    return client;
  }

  static boolean isIn(List<AddressRange> ranges, String address) {
    byte[] bytes = ranges.isEmpty() ? null : AddressRange.address(address);
    return bytes != null && ranges.stream().anyMatch(range -> range.contains(bytes));
  }

  /**
   * Under which name an address is limited: an IPv6 client by its /64, of which it can use every
   * address.
   */
  static String limitKey(String address) {
    byte[] bytes = AddressRange.address(address);
    if (bytes == null || bytes.length == 4) {
      return bytes == null ? address : NetUtil.bytesToIpAddress(bytes);
    }
    byte[] site = new byte[bytes.length];
    System.arraycopy(bytes, 0, site, 0, LENGTH_OF_IPV6_SITE);
    try {
      return InetAddress.getByAddress(site).getHostAddress() + "/64";
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of 16 bytes is always one", e);
    }
  }

  /** Some proxies write {@code 192.0.2.1:5678} and {@code [2001:db8::1]:5678}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      int end = hop.indexOf(']');
      return end < 0 ? hop : hop.substring(1, end);
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
