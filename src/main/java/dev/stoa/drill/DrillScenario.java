package dev.stoa.drill;

import java.util.Locale;

/** What can be made to go wrong. */
public enum DrillScenario {
  /** One of three instances is killed (SIGKILL) and comes back. */
  KILL("one of three product instances is killed and comes back"),
  /** One of three instances stands still (SIGSTOP) and goes on. */
  SLOW("one of three product instances stands still and goes on"),
  /** All instances are killed and come back. */
  OUTAGE("all product instances are killed and come back"),
  /** Each instance is restarted in turn (SIGTERM). */
  RESTART("each product instance is restarted in turn"),
  /** What keeps orders and payments is killed, twice, and comes back. */
  CRASH("orders and payments are killed twice and come back");

  private final String story;

  DrillScenario(String story) {
    this.story = story;
  }

  /** What happens, in a few words. */
  public String story() {
    return story;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
