package dev.stoa.http;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Which octets may stand where in an HTTP/1 message (RFC 9110, section 5; RFC 9112, section 3).
 * Safe on any thread.
 */
public enum Octets {
  /** Of methods and names. */
  TOKEN {
    @Override
    void mark(boolean[] members) {
      for (char c = '0'; c <= 'z'; c++) {
        members[c] = Character.isLetterOrDigit(c);
      }
      "!#$%&'*+-.^_`|~".chars().forEach(c -> members[c] = true);
    }
  },

  /** Of targets: what is visible in ASCII. */
  TARGET {
    @Override
    void mark(boolean[] members) {
      Arrays.fill(members, ' ' + 1, 0x7f, true);
    }
  },

  /** Of values: no control characters but the tab. */
  VALUE {
    @Override
    void mark(boolean[] members) {
      Arrays.fill(members, ' ', members.length, true);
      members[0x7f] = false;
      members['\t'] = true;
    }
  };

  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  private final boolean[] members = new boolean[256];

  Octets() {
    mark(members);
  }

  abstract void mark(boolean[] members);

  /** Whether it is of this kind; of an int the low eight bits count. */
  public boolean has(int octet) {
    return members[octet & 0xff];
  }

  /** Where the first octet is that is not of this kind, or {@code end}. */
  public int endOf(byte[] octets, int from, int end) {
    boolean[] own = members;
    int at = from;
    while (at < end && own[octets[at] & 0xff]) {
      at++;
    }
    return at;
  }

  /** Whether a text, a character for an octet, is of nothing else; an empty one is. */
  public boolean make(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= members.length || !members[c]) {
        return false;
      }
    }
    return true;
  }

  /** Whether it is one of the blanks around a value. */
  public static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /**
   * A text that may be made of anything, for a log: question marks for what is not printable ASCII.
   */
  public static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }
}
