package dev.stoa.discovery;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A registry outside of this process. Everything is called, and reports, on the one context that
 * opened it, so a directory needs no locks. It never gives up and never throws: what fails is
 * reported and tried again, with growing pauses.
 */
interface Directory {

  /** What a directory has to say. */
  interface Reports {

    /** What it lists now, all of it. */
    void read(Reading reading);

    /** It cannot be asked, or answers nonsense. */
    void away(Throwable cause);

    /** It has forgotten what it knew: what is missing from now on may well be alive. */
    void restarted();
  }

  /**
   * All that a directory lists.
   *
   * @param services also those that have no instance now; those of the instances need not be named
   * @param unconfirmed services that could not be asked for: what was known of them last, stays
   */
  record Reading(List<ServiceInstance> instances, Set<String> services, Set<String> unconfirmed) {

    static Reading of(List<ServiceInstance> instances) {
      return new Reading(instances, Set.of(), Set.of());
    }
  }

  /** Begins to read, and reads for ever. */
  void open(Reports reports);

  /**
   * Makes an instance known, and keeps it known until it is withdrawn. Completes, never fails,
   * after the first try whatever came of it.
   */
  Future<Void> announce(ServiceInstance instance);

  /** Takes an instance out. Completes, never fails, after one try. */
  Future<Void> withdraw(ServiceInstance instance);

  /** Reads everything again, soon. */
  void askAgain();

  /** How long it takes, at most and if all is well, until a loss can be told from a hiccup. */
  Duration confirmAfter();

  /** How long it takes, if all is well, until everybody has noticed a change. */
  Duration settleTime();

  /** Stops reading, and keeping. Withdraws nothing. */
  Future<Void> close();
}
