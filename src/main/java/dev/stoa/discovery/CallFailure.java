package dev.stoa.discovery;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The ways in which a call can tell against the instance that it was made to. */
public enum CallFailure {
  /** No connection came about, so nothing was sent. */
  CONNECT("connect"),
  /** The answer did not come in time. */
  TIMEOUT("timeout"),
  /** The connection broke, or carried something that is no answer. */
  RESET("reset"),
  /** The answer was a status of 500 or above. */
  SERVER_ERROR("5xx");

  private final String spelling;

  CallFailure(String spelling) {
    this.spelling = spelling;
  }

  static Optional<CallFailure> named(String text) {
    String wanted = text.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    return Stream.of(values()).filter(kind -> kind.spelling.equals(wanted)).findFirst();
  }

  /** As in configurations and logs. */
  @Override
  public String toString() {
    return spelling;
  }
}
