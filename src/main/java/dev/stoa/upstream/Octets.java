package dev.stoa.upstream;

import java.util.Arrays;

/** Which octets may stand where in a head (RFC 9110, sections 5.5 and 5.6.2). */
final class Octets {
  private static final boolean[] TOKEN = new boolean[256];
  private static final boolean[] VALUE = new boolean[256];

  static {
    for (char c = '0'; c <= 'z'; c++) {
      TOKEN[c] = Character.isLetterOrDigit(c);
    }
    "!#$%&'*+-.^_`|~".chars().forEach(c -> TOKEN[c] = true);
    Arrays.fill(VALUE, ' ', VALUE.length, true);
    VALUE[0x7f] = false;
    VALUE['\t'] = true;
  }

  private Octets() {}

  static boolean isToken(byte octet) {
    return TOKEN[octet & 0xff];
  }

  static boolean isValue(byte octet) {
    return VALUE[octet & 0xff];
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xff || !TOKEN[c]) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0xff || !VALUE[c]) {
        return false;
      }
    }
    return true;
  }

  /** Whether it can be the target of a request line. */
  static boolean isTarget(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }
}
