package dev.stoa.app;

import dev.stoa.drill.DrillProgress;
import java.io.PrintWriter;
import java.time.Duration;

/**
 * Says how a drill goes: a line for each phase, and in a terminal one more that is written over
 * again and again.
 */
final class ProgressLine implements DrillProgress {
  private static final String ERASE = "\r\033[K";

  private final PrintWriter out;
  private final boolean live;
  private final long began = System.nanoTime();

  ProgressLine(PrintWriter out, boolean live) {
    this.out = out;
    this.live = live;
  }

  @Override
  public void phase(String what) {
    now("");
    out.printf("%4d s  %s%n", elapsed().toSeconds(), what);
    out.flush();
  }

  @Override
  public void now(String how) {
    if (live) {
      out.print(how.isEmpty() ? ERASE : ERASE + "        " + how);
      out.flush();
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
