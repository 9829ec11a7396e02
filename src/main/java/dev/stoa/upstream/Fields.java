package dev.stoa.upstream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * The header fields of one message in their order, names in any case of letters. There are a dozen
 * or two of them, so looking at each is quicker than any index. Not for more than one thread.
 */
public final class Fields {
  private static final int FEW = 24;

  private String[] entries = new String[2 * FEW]; // name, value, name, value
  private int end;

  /** How many there are. */
  public int size() {
    return end / 2;
  }

  /** The name of the one at {@code index}, as it was written. */
  public String name(int index) {
    return entries[2 * index];
  }

  /** The value of the one at {@code index}. */
  public String value(int index) {
    return entries[2 * index + 1];
  }

  /** Adds one beside others of its name. */
  public void add(String name, String value) {
    if (end == entries.length) {
      entries = Arrays.copyOf(entries, 2 * end);
    }
    entries[end++] = name;
    entries[end++] = value;
  }

  /** Adds one, at the end, in the place of all others of its name. */
  public void set(String name, String value) {
    remove(name);
    add(name, value);
  }

  /** Takes all of this name away. */
  public void remove(String name) {
    for (int at = find(name, 0); at >= 0; at = find(name, at)) {
      end -= 2;
      System.arraycopy(entries, at + 2, entries, at, end - at);
    }
  }

  /** The value of the first of this name; null where there is none. */
  public String get(String name) {
    int at = find(name, 0);
    return at < 0 ? null : entries[at + 1];
  }

  /** The values of all of this name. */
  public List<String> getAll(String name) {
    int at = find(name, 0);
    if (at < 0) {
      return List.of();
    }
    List<String> values = new ArrayList<>(2);
    for (; at >= 0; at = find(name, at + 2)) {
      values.add(entries[at + 1]);
    }
    return values;
  }

  public boolean contains(String name) {
    return find(name, 0) >= 0;
  }

  /** Whether a field of this name, a list of members between commas, has this one. */
  public boolean mentions(String name, String member) {
    for (int at = find(name, 0); at >= 0; at = find(name, at + 2)) {
      if (lists(entries[at + 1], member)) {
        return true;
      }
    }
    return false;
  }

  private static boolean lists(String list, String member) {
    int at = list.length() < member.length() ? -1 : 0;
    while (at >= 0 && at < list.length()) {
      int comma = list.indexOf(',', at);
      int end = comma < 0 ? list.length() : comma;
      if (list.substring(at, end).strip().equalsIgnoreCase(member)) {
        return true;
      }
      at = comma < 0 ? -1 : comma + 1;
    }
    return false;
  }

  private int find(String name, int from) {
    int length = name.length();
    for (int i = from; i < end; i += 2) {
      String entry = entries[i];
      if (entry.length() == length && entry.equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    StringJoiner all = new StringJoiner(", ", "[", "]");
    for (int i = 0; i < end; i += 2) {
      all.add(entries[i] + ": " + entries[i + 1]);
    }
    return all.toString();
  }
}
