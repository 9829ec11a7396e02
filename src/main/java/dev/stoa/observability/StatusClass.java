package dev.stoa.observability;

import java.util.List;

/** HTTP statuses by their first digit, which is all that series are told apart by. */
final class StatusClass {
  /** By the first digit; 0 is for no status at all. */
  static final List<String> NAMES = List.of("abandoned", "1xx", "2xx", "3xx", "4xx", "5xx");

  static final int SERVER_ERROR = 5;

  private StatusClass() {}

  static int of(int status) {
    return Math.max(0, Math.min(SERVER_ERROR, status / 100));
  }
}
