package dev.stoa.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;

/** Bytes of a request that waits in its gate. For one event loop. */
final class Held {
  private static final int ENOUGH = 16 * 1024;
  private static final int MAX_PARTS = 1_024;

  private CompositeByteBuf bytes;
  private long since;

  boolean isEmpty() {
    return bytes == null;
  }

  /** Whether it is time to read no more. */
  boolean isFull() {
    return bytes != null && bytes.readableBytes() >= ENOUGH;
  }

  boolean isOlderThan(long nanos, long now) {
    return bytes != null && now - since > nanos;
  }

  void add(ByteBufAllocator allocator, ByteBuf more) {
    if (bytes == null) {
      bytes = allocator.compositeBuffer(MAX_PARTS);
      since = System.nanoTime();
    }
    bytes.addComponent(true, more);
  }

  /** All of it, for the caller to pass on or to release. */
  ByteBuf take() {
    ByteBuf all = bytes;
    bytes = null;
    return all;
  }

  void drop() {
    if (bytes != null) {
      take().release();
    }
  }
}
