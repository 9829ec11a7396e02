package dev.stoa.observability;

import java.util.concurrent.atomic.AtomicInteger;

/** How many of something are open now. Safe on any thread. */
public final class OpenCount {
  private final AtomicInteger open = new AtomicInteger();

  OpenCount() {}

  public void opened() {
    open.incrementAndGet();
  }

  public void closed() {
    open.decrementAndGet();
  }

  int open() {
    return open.get();
  }
}
