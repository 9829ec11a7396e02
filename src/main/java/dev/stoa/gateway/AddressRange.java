package dev.stoa.gateway;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.Optional;

/**
 * A range of IP addresses in CIDR notation: {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
 * An IPv4 address mapped into IPv6 is the IPv4 address.
 */
final class AddressRange {
  private static final int MAPPED_PREFIX = 12;

  private final byte[] base;
  private final int bits;

  private AddressRange(byte[] base, int bits) {
    this.base = base;
    this.bits = bits;
  }

  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    byte[] base = address(slash < 0 ? text : text.substring(0, slash));
    if (base == null) {
      return Optional.empty();
    }
    int bits = base.length * 8;
    if (slash >= 0) {
      String length = text.substring(slash + 1);
      if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
        return Optional.empty();
      }
      bits = Integer.parseInt(length);
    }
    return Optional.of(new AddressRange(base, bits));
  }

  boolean contains(byte[] address) {
    if (address.length != base.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(base, 0, whole, address, 0, whole)) {
      return false;
    }
    int mask = 0xff00 >> bits % 8 & 0xff;
    return mask == 0 || (base[whole] & mask) == (address[whole] & mask);
  }

  /** The bytes of an address literal, never by DNS; null where it is none. */
  static byte[] address(String literal) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
    if (bytes == null || bytes.length == 4) {
      return bytes;
    }
    boolean mapped = bytes[10] == -1 && bytes[11] == -1;
    for (int i = 0; mapped && i < 10; i++) {
      mapped = bytes[i] == 0;
    }
    return mapped ? Arrays.copyOfRange(bytes, MAPPED_PREFIX, bytes.length) : bytes;
  }
}
