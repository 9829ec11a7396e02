package dev.stoa.discovery;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What went wrong with a registry, in a few words for operators. */
final class Failures {
  private static final int MAX_LENGTH = 200;
  private static final int MAX_DEPTH = 4;

  private Failures() {}

  /** What the failure says and, where it says only that something failed, what was behind that. */
  static String reason(Throwable cause) {
    Set<String> reasons = new LinkedHashSet<>();
    Throwable link = cause;
    for (int depth = 0; link != null && depth < MAX_DEPTH; depth++) {
      String message = link.getMessage();
      reasons.add(
          message == null || message.isBlank()
              ? link.getClass().getSimpleName()
              : message.strip().replaceAll("\\s+", " "));
      link = link.getCause();
    }
    String line = String.join(": ", withoutRepeated(reasons));
    return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
  }

  /** Many failures repeat the message of their cause within their own. */
  private static List<String> withoutRepeated(Set<String> reasons) {
    return reasons.stream()
        .filter(
            reason ->
                reasons.stream()
                    .noneMatch(other -> !other.equals(reason) && other.contains(reason)))
        .toList();
  }
}
