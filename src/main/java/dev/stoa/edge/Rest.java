package dev.stoa.edge;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * How a peer is kept away that was turned away: nothing is read from it for a while, which is
 * longer each time in a row. For the event loop of its connection.
 */
final class Rest {
  private static final int MOST_DOUBLINGS = 3;

  private int turnedAway; // times in a row
  private long turnedAwayAt;

  /** How long it has to stay away that is turned away now. */
  long next(long nanos, long now) {
    boolean again = turnedAway > 0 && now - turnedAwayAt < 2 * (nanos << MOST_DOUBLINGS);
    turnedAway = again ? Math.min(turnedAway + 1, MOST_DOUBLINGS + 1) : 1;
    turnedAwayAt = now;
    return nanos << turnedAway - 1;
  }

  /**
   * Reads nothing for so long, if the peer is idle when this turn of the event loop is over. By
   * then the server has said whether it wants to read on; if it does not, it is not woken by us.
   */
  static void begin(ChannelHandlerContext gate, long nanos, BooleanSupplier idle) {
    gate.executor()
        .execute(
            () -> {
              if (idle.getAsBoolean() && gate.channel().config().isAutoRead()) {
                gate.channel().config().setAutoRead(false);
                Runnable end = () -> gate.channel().config().setAutoRead(true);
                gate.executor().schedule(end, nanos, TimeUnit.NANOSECONDS);
              }
            });
  }
}
