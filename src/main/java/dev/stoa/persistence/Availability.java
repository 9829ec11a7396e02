package dev.stoa.persistence;

import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a database answers, as those find who use it. Says so in the log when that changes, and
 * not for each of them. Safe on any thread.
 */
final class Availability {
  private static final Logger LOG = LoggerFactory.getLogger(Availability.class);

  private final String name;
  private final AtomicBoolean away = new AtomicBoolean();

  /** Of a database that answers. */
  Availability(String name) {
    this.name = name;
  }

  /** It has answered. */
  void answered() {
    if (away.get() && away.compareAndSet(true, false)) {
      LOG.info("{}: database available again", name);
    }
  }

  /** It has not. */
  void lost(Throwable cause) {
    if (!away.get() && away.compareAndSet(false, true)) {
      LOG.error("{}: database unavailable: {}", name, cause.toString());
    }
  }
}
