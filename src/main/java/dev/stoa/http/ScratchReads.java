package dev.stoa.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * What the connections of one event loop read into: all of them the same buffer, because most of
 * what is read is done with before the next read; where it is not, a buffer as by default. For one
 * event loop.
 */
public final class ScratchReads implements RecvByteBufAllocator {
  /** Who fills it again and again has so much to say that a larger one of its own is better. */
  public static final int ROOM = 16 * 1024;

  /** In a row of one connection, as by default. */
  public static final int MOST_READS = 16;

  private final Scratch scratch = new Scratch(ROOM);
  private final RecvByteBufAllocator otherwise =
      new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(MOST_READS);
  private boolean enough;

  /** Whoever is being given what was read wants no more of it in this turn. */
  public void enough() {
    enough = true;
  }

  @Override
  public ExtendedHandle newHandle() {
    return new Reads((ExtendedHandle) otherwise.newHandle());
  }

  private final class Reads extends DelegatingHandle implements ExtendedHandle {
    private final ExtendedHandle usual;

    private Reads(ExtendedHandle usual) {
      super(usual);
      this.usual = usual;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      ByteBuf free = guess() <= ROOM ? scratch.take() : null;
      return free == null ? usual.allocate(allocator) : free;
    }

    @Override
    public void reset(ChannelConfig config) {
      enough = false;
      super.reset(config);
    }

    @Override
    public boolean continueReading() {
      return !enough && super.continueReading();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
      return !enough && usual.continueReading(maybeMore);
    }
  }
}
