package dev.stoa.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.buffer.ByteBuf;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class ScratchTest {
  private final Scratch scratch = new Scratch(8);

  @Test
  void isUsedAgainWhenNobodyHoldsIt() {
    ByteBuf first = scratch.take();
    first.writeLong(1);
    first.release();

    ByteBuf second = scratch.take();

    assertSame(first, second);
    assertEquals(0, second.readableBytes());
    assertEquals(8, second.writableBytes());
  }

  @Test
  void leavesAloneWhatASliceOfItIsKeptOf() {
    ByteBuf first = scratch.take();
    first.writeLong(1);
    ByteBuf kept = first.readRetainedSlice(8);
    first.release();

    assertNull(scratch.take());
    assertEquals(1, kept.getLong(0));

    kept.release();
    assertSame(first, scratch.take());
  }

  @Test
  void isReplacedWhereSomebodyKeepsItForLong() {
    ByteBuf kept = scratch.take();
    kept.writeLong(1);

    ByteBuf other = null;
    for (int i = 0; other == null && i < 1_000; i++) {
      other = scratch.take();
    }

    assertNotSame(kept, other);
    other.writeLong(2);
    assertEquals(1, kept.getLong(0));
    kept.release();
    assertEquals(0, kept.refCnt());
  }

  @Test
  void readsElsewhereInTheMeantime() {
    EmbeddedChannel channel = new EmbeddedChannel();
    ExtendedHandle reads = new ScratchReads().newHandle();
    reads.reset(channel.config());

    ByteBuf first = reads.allocate(channel.alloc());
    ByteBuf second = reads.allocate(channel.alloc());
    first.release();
    ByteBuf third = reads.allocate(channel.alloc());

    assertNotSame(first, second);
    assertSame(first, third);
    second.release();
    third.release();
  }
}
