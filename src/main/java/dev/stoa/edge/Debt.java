package dev.stoa.edge;

/**
 * What the peer of one connection owes us now, and since when: a head that must be complete in
 * time, or a body that must keep its rate. For one event loop.
 */
final class Debt {
  private enum Owes {
    NOTHING,
    HEAD,
    BODY
  }

  private final HttpScanner http;
  private Owes owes = Owes.HEAD;
  private long since = System.nanoTime();
  private long headsThen;
  private long bytesThen;

  /** A new connection owes a head. */
  Debt(HttpScanner http) {
    this.http = http;
  }

  /** Looks at what the last bytes have made of it. */
  void account() {
    boolean another = http.heads() != headsThen;
    headsThen = http.heads();
    if (http.inBody()) {
      owe(Owes.BODY, another);
    } else if (http.inHead()) {
      owe(Owes.HEAD, another);
    } else if (headsThen > 0) {
      owes = Owes.NOTHING;
    }
  }

  /** The same for a peer that speaks HTTP/2. */
  void account(boolean inHeaders) {
    headsThen = 1;
    owe(inHeaders ? Owes.HEAD : Owes.NOTHING, false);
  }

  void forgive() {
    owes = Owes.NOTHING;
  }

  /** Begins to measure anew, because it is we who do not read. */
  void restart(long now) {
    since = now;
    bytesThen = http.bodyBytes();
  }

  boolean owesNothing() {
    return owes == Owes.NOTHING;
  }

  /** Whether it has not yet completed one head. */
  boolean isNew() {
    return owes == Owes.HEAD && headsThen == 0;
  }

  boolean isOlderThan(long nanos, long now) {
    return now - since > nanos;
  }

  boolean headIsOverdue(long now, EdgeLimits limits) {
    return owes == Owes.HEAD && isOlderThan(limits.headerTimeout().toNanos(), now);
  }

  /** Whether the body was below its rate for as long as that is measured. */
  boolean bodyIsOverdue(long now, EdgeLimits limits) {
    if (owes != Owes.BODY || !isOlderThan(limits.rateWindowNanos(), now)) {
      return false;
    }
    double seconds = (now - since) / 1e9;
    boolean tooSlow = http.bodyBytes() - bytesThen < limits.minBodyRate() * seconds;
    restart(now);
    return tooSlow;
  }

  private void owe(Owes what, boolean another) {
    if (what != owes || another) {
      owes = what;
      restart(System.nanoTime());
    }
  }
}
