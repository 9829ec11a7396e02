package dev.stoa.config;

import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the central store stands, and what the log tells of that. One thread writes, any reads. */
final class StoreNews {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  private volatile Optional<StoreStatus> status = Optional.empty();

  Optional<StoreStatus> status() {
    return status;
  }

  /** None is used any more. */
  void none() {
    status = Optional.empty();
  }

  /**
   * It stands so now. The log tells of it once, and not for each reason anew.
   *
   * @param believed whether it has said something before
   */
  void turn(String name, StoreStatus.State state, Optional<String> reason, boolean believed) {
    Optional<StoreStatus> before = status.filter(known -> known.name().equals(name));
    boolean same = before.filter(known -> known.state() == state).isPresent();
    Instant since = same ? before.get().since() : Instant.now();
    status = Optional.of(new StoreStatus(name, state, since, reason));
    if (same) {
      return;
    }
    String why = reason.orElse("");
    String instead =
        believed
            ? "what it said last stays in force"
            : "the files alone are in force until it does";
    switch (state) {
      case ASKED -> LOG.debug("{} is asked", name);
      case ANSWERING -> LOG.info("{} answers", name);
      case AWAY -> LOG.warn("{} does not answer: {}; {}", name, why, instead);
      case EMPTY -> LOG.warn("{} is empty: {}; {}", name, why, instead);
    }
  }
}
