package dev.stoa.gateway;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * Whether an exchange waits for its client: for the rest of a body, or to take what is there of the
 * answer. Each side in turn has the least rate to keep, since an exchange holds a connection to the
 * upstream that others want. For one event loop.
 */
final class ClientPace {
  /** What moves at once, at least, when a client takes of an answer: a write queue half full. */
  private static final long LUMP = 64 * 1024;

  private static final long FEW_BYTES_PER_SECOND = 16 * 1024;
  private static final double NANOS_PER_SECOND = 1e9;

  /**
   * The least rate.
   *
   * @param bytesPerSecond zero for none
   * @param window over which it is measured, for bodies that come
   */
  record Least(int bytesPerSecond, Duration window) {
    static final Least NONE = new Least(0, Duration.ZERO);
  }

  private final Least least;
  private final Upload upload;
  private final boolean measuresUpload;
  private final long began = System.nanoTime();
  private Download download;
  private long since = began;
  private long movedThen;

  ClientPace(HttpServerRequest request, Least least, Upload upload) {
    this.least = least;
    this.upload = upload;
    // Over HTTP/1 the gate measures, which also sees what has not been passed on yet.
    this.measuresUpload = request.version() == HttpVersion.HTTP_2;
  }

  /** The answer has begun. */
  void answering(Download begun) {
    download = begun;
    restart(System.nanoTime(), 0);
  }

  /** Whether the client is the one who could go on. */
  boolean isClients() {
    boolean receives = download != null && download.blocked();
    return receives || !upload.ended() && !upload.blocked();
  }

  /** Whether it was below the least rate for as long as that is measured. */
  boolean isTooSlow(long now) {
    boolean receives = download != null;
    boolean measured = receives ? download.blocked() : measuresUpload && isClients();
    long moved = receives ? download.moved() : upload.received();
    if (least.bytesPerSecond() == 0 || !measured) {
      restart(now, moved);
      return false;
    }
    double seconds = (now - since) / NANOS_PER_SECOND;
    double window = least.window().toNanos() / NANOS_PER_SECOND;
    if (seconds < window + (receives ? (double) LUMP / least.bytesPerSecond() : 0)) {
      return false;
    }
    boolean slow = moved - movedThen < least.bytesPerSecond() * seconds;
    restart(now, moved);
    return slow;
  }

  /** For how many nanoseconds it has kept us waiting; zero where it goes on well. */
  long waitedFor(long now) {
    if (download != null) {
      return download.blockedFor(now);
    }
    boolean slow = upload.received() < FEW_BYTES_PER_SECOND * (now - began) / NANOS_PER_SECOND;
    return isClients() && slow ? now - began : 0;
  }

  private void restart(long now, long moved) {
    since = now;
    movedThen = moved;
  }
}
