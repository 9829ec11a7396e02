package dev.stoa.edge;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How many requests may be on their way to an upstream while their bodies are still coming. Each of
 * them holds a connection of the upstream's pool; without a bound, slow bodies would hold them all.
 * A request beyond it waits in its gate until its body is complete, which for most is at once, or
 * until it is its turn. For one event loop.
 */
final class Uploads {
  private final Supplier<EdgeLimits> limits;
  private final Set<Gate> running = new LinkedHashSet<>();
  private final Set<Gate> waiting = new LinkedHashSet<>();

  Uploads(Supplier<EdgeLimits> limits) {
    this.limits = limits;
  }

  /** Whether the gate may let an incomplete body pass; else it is told later. */
  boolean mayStream(Gate gate) {
    if (running.contains(gate)) {
      return true;
    }
    if (running.size() < limits.get().maxOpenBodies()) {
      waiting.remove(gate);
      running.add(gate);
      return true;
    }
    waiting.add(gate);
    return false;
  }

  /** Its body is complete, or it is gone. */
  void done(Gate gate) {
    waiting.remove(gate);
    running.remove(gate);
    while (!waiting.isEmpty() && running.size() < limits.get().maxOpenBodies()) {
      Gate next = waiting.iterator().next();
      waiting.remove(next);
      running.add(next);
      next.released();
    }
  }
}
