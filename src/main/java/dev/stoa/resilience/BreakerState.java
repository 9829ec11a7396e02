package dev.stoa.resilience;

import java.util.Locale;

/** The states of a {@link Breaker} (Nygard, "Release It!", chapter 5). */
public enum BreakerState {
  /** Calls pass. */
  CLOSED,
  /** Calls are refused. */
  OPEN,
  /** One call may find out whether the upstream has recovered; the others are refused. */
  HALF_OPEN;

  /** As it is told to people: {@code half_open}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
