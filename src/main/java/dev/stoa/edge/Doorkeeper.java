package dev.stoa.edge;

import dev.stoa.http.ScratchReads;
import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Looks after the gates of one event loop: who may come in, and who has owed a head or a body for
 * too long. When the server is full, the connection that has gone longest without its first request
 * makes room for the next. For one event loop.
 */
final class Doorkeeper {
  private static final long GRACE_NANOS = 1_000_000_000L;

  /** Most heads fit in; the longer ones are read in parts. */
  private static final int WINDOW = 2_048;

  private final Supplier<EdgeLimits> limits;
  private final Admission admission;
  private final Uploads uploads;
  private final Set<Gate> watched = new LinkedHashSet<>();
  private final byte[] window = new byte[WINDOW];
  private final ScratchReads reads = new ScratchReads();
  private final AnswerWriter answers = new AnswerWriter();

  Doorkeeper(Supplier<EdgeLimits> limits, Admission admission) {
    this.limits = limits;
    this.admission = admission;
    this.uploads = new Uploads(limits);
  }

  /** Counts the connection in, or refuses it. */
  boolean admits(Channel channel) {
    EdgeLimits now = limits.get();
    InetAddress client = client(channel);
    boolean welcome = !admission.full(client, now) && (!admission.full(now) || makesRoom());
    if (welcome) {
      admission.entered(client);
    }
    return welcome;
  }

  /** Whether many clients may stand behind it. */
  boolean bringsOthers(Channel channel) {
    return limits.get().exempt().test(client(channel));
  }

  void left(Channel channel) {
    admission.left(client(channel));
  }

  void watch(Gate gate, boolean owesSomething) {
    if (owesSomething) {
      watched.add(gate);
    } else {
      watched.remove(gate);
    }
  }

  /** Its peer is owed nothing and owes nothing any more. */
  void forget(Gate gate) {
    watched.remove(gate);
    uploads.done(gate);
  }

  /** Room for a scanner to look at what has come; of no meaning afterwards. */
  byte[] window() {
    return window;
  }

  /** What connections read into. */
  ScratchReads reads() {
    return reads;
  }

  AnswerWriter answers() {
    return answers;
  }

  Uploads uploads() {
    return uploads;
  }

  /** Ends what is overdue. */
  void sweep() {
    long now = System.nanoTime();
    EdgeLimits inForce = limits.get();
    List.copyOf(watched).forEach(gate -> gate.check(now, inForce));
  }

  private boolean makesRoom() {
    for (Gate gate : watched) {
      if (gate.debt().isNew()) { // and the oldest of them: they are in the order of their coming
        boolean patient = gate.debt().isOlderThan(GRACE_NANOS, System.nanoTime());
        if (patient) {
          gate.close();
        }
        return patient;
      }
    }
    return false;
  }

  private static InetAddress client(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress()
        : InetAddress.getLoopbackAddress();
  }
}
