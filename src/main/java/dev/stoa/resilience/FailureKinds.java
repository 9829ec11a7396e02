package dev.stoa.resilience;

import dev.stoa.config.ConfigReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which ends of an attempt count as failures of the upstream.
 *
 * @param connect whether no connection, or one that breaks or carries garbage, does
 * @param timeout whether no answer in time does
 * @param serverErrors whether every status from 500 on does, but for a 503 that says {@code
 *     Retry-After}: the upstream is well enough to shed load in good order
 * @param statuses those that do beside
 */
public record FailureKinds(
    boolean connect, boolean timeout, boolean serverErrors, Set<Integer> statuses) {

  /** As they are written in a configuration. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    if (connect) {
      names.add("connect");
    }
    if (timeout) {
      names.add("timeout");
    }
    if (serverErrors) {
      names.add("5xx");
    }
    new TreeSet<>(statuses).forEach(status -> names.add(status.toString()));
    return names;
  }

  private static final String SHAPE = "a list of connect, timeout, 5xx and statuses such as 503";

  public FailureKinds {
    statuses = Set.copyOf(statuses);
  }

  /** Connect, time-out, 5xx. */
  public static final FailureKinds ALL = new FailureKinds(true, true, true, Set.of());

  /** Connect and time-out, and the statuses that say that somebody could not answer now. */
  public static final FailureKinds PASSING =
      new FailureKinds(true, true, false, Set.of(502, 503, 504));

  static FailureKinds from(ConfigReader section, String key, FailureKinds defaults) {
    if (!section.has(key)) {
      return defaults;
    }
    boolean connect = false;
    boolean timeout = false;
    boolean serverErrors = false;
    Set<Integer> statuses = new HashSet<>();
    for (String name : section.strings(key, List.of())) {
      switch (name.strip().toLowerCase(Locale.ROOT)) {
        case "connect" -> connect = true;
        case "timeout", "time-out", "time_out" -> timeout = true;
        case "5xx" -> serverErrors = true;
        default -> {
          if (name.matches("[45][0-9][0-9]")) {
            statuses.add(Integer.valueOf(name));
          } else {
            section.error(key, SHAPE);
          }
        }
      }
    }
    return new FailureKinds(connect, timeout, serverErrors, statuses);
  }

  public boolean counts(Failure failure) {
    return failure == Failure.TIMEOUT ? timeout : connect;
  }

  public boolean counts(int status) {
    return counts(status, false);
  }

  /**
   * The same for an answer that may be one of back-pressure.
   *
   * @param putOff whether it is a 429 or 503 that says when to come again
   */
  boolean counts(int status, boolean putOff) {
    return status >= 400
        && (serverErrors && status >= 500 && !putOff
            || !statuses.isEmpty() && statuses.contains(status));
  }
}
