package dev.stoa.upstream;

import dev.stoa.http.Octets;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator why a server is refused over TLS, which its clients are not told: a line a
 * minute at most. For the event loop of the pool.
 */
final class Distrust {
  private static final Logger LOG = LoggerFactory.getLogger(Distrust.class);
  private static final long REST = TimeUnit.MINUTES.toNanos(1);
  private static final int LONGEST = 200;

  private final Origin origin;
  private boolean told;
  private long lastTold;

  Distrust(Origin origin) {
    this.origin = origin;
  }

  /** There is no connection, for this reason. */
  void tell(Throwable cause) {
    if (!isRecent() && isTls(cause)) {
      told = true;
      lastTold = System.nanoTime();
      LOG.warn("{} is refused over TLS: {}", origin.address(), reason(cause));
    }
  }

  /** Whether a line is not a minute old. */
  boolean isRecent() {
    return told && System.nanoTime() - lastTold < REST;
  }

  private static boolean isTls(Throwable cause) {
    return cause instanceof SSLException || cause.getCause() != null && isTls(cause.getCause());
  }

  /** What the innermost one says: those around it only say that something has failed. */
  private static String reason(Throwable cause) {
    if (cause.getCause() != null) {
      return reason(cause.getCause());
    }
    String text = Octets.printable(String.valueOf(cause.getMessage()));
    return text.substring(0, Math.min(LONGEST, text.length()));
  }
}
