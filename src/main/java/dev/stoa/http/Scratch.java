package dev.stoa.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Room for octets that are wanted for a moment: one buffer, used again as soon as nobody else holds
 * it. Whoever has taken it may keep it, or slices of it, for as long as it likes; others do without
 * in the meantime, and after a while another takes its place. For one event loop.
 */
public final class Scratch {
  /** Whoever has it has kept it while so many others went without. */
  private static final int PATIENCE = 64;

  private final int size;
  private ByteBuf buffer;
  private int missed; // times in a row

  /** One of so many octets. */
  public Scratch(int size) {
    this.size = size;
    this.buffer = another();
  }

  /** An empty buffer of that size for the caller to release; null while somebody holds it. */
  public ByteBuf take() {
    if (buffer.refCnt() > 1) {
      missed++;
      if (missed < PATIENCE) {
        return null;
      }
      buffer.release();
      buffer = another();
    }
    missed = 0;
    return buffer.clear().retain();
  }

  /** The same octets for somebody who may keep them and never tell; releases these. */
  public static ByteBuf moved(ByteBuf octets) {
    byte[] copy = new byte[octets.readableBytes()];
    octets.readBytes(copy).release();
    return Unpooled.wrappedBuffer(copy);
  }

  /** Its memory goes with the object: nobody tells when an event loop's server is gone. */
  private ByteBuf another() {
    return Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(size));
  }
}
