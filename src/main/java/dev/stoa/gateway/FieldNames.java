package dev.stoa.gateway;

import java.util.ArrayList;
import java.util.List;

/**
 * A few names of header fields, in any case of letters. Most names that it is asked for are as long
 * as none of its own, and cost no more than finding that out. Immutable.
 */
final class FieldNames {
  private final List<List<String>> byLength = new ArrayList<>();

  private FieldNames(String... names) {
    for (String name : names) {
      while (byLength.size() <= name.length()) {
        byLength.add(new ArrayList<>());
      }
      byLength.get(name.length()).add(name);
    }
  }

  static FieldNames of(String... names) {
    return new FieldNames(names);
  }

  boolean contains(String name) {
    if (name.length() >= byLength.size()) {
      return false;
    }
    List<String> candidates = byLength.get(name.length());
    for (int i = 0; i < candidates.size(); i++) {
      if (candidates.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
