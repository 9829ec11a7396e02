package dev.stoa.gateway;

import dev.stoa.upstream.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import io.vertx.core.streams.WriteStream;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Moves one body from where it comes to where it goes, no faster than the slower of the two. Unlike
 * {@link io.vertx.core.streams.Pipe} it leaves ends and failures to its owner, and when the length
 * is known it writes the last buffer and the end of the message as one packet.
 */
final class Pump {
  static final long UNKNOWN = -1;

  private final ReadStream<Buffer> from;
  private final WriteStream<Buffer> to;
  private final IntPredicate admission;
  private final long length;
  private final Consumer<Buffer> reader;
  private long moved;
  private boolean blocked;
  private long blockedSince;
  private boolean patient = true;
  private boolean closed;

  /**
   * @param length of the whole body, or {@link #UNKNOWN}
   * @param admission sees the size of each buffer before it moves and may refuse it
   */
  Pump(ReadStream<Buffer> from, WriteStream<Buffer> to, long length, IntPredicate admission) {
    this(from, to, length, admission, null);
  }

  /** The same with somebody who sees each buffer before it moves. */
  Pump(
      ReadStream<Buffer> from,
      WriteStream<Buffer> to,
      long length,
      IntPredicate admission,
      Consumer<Buffer> reader) {
    this.reader = reader;
    this.from = from;
    this.to = to;
    this.length = length;
    this.admission = admission;
  }

  Pump start() {
    to.drainHandler(v -> unblock());
    from.handler(this::move);
    return this;
  }

  void move(Buffer buffer) {
    if (closed || !admission.test(buffer.length())) {
      return;
    }
    if (reader != null) {
      reader.accept(buffer);
    }
    moved += buffer.length();
    if (moved == length || from instanceof Answer answer && answer.isLast()) {
      end(buffer);
      return;
    }
    to.write(buffer);
    if (patient && to.writeQueueFull()) {
      blocked = true;
      blockedSince = System.nanoTime();
      from.pause();
    }
  }

  /** The source has ended: ends the destination, unless the last buffer did. */
  void end() {
    if (!closed) {
      closed = true;
      to.end();
    }
  }

  private void end(Buffer last) {
    closed = true;
    to.end(last);
  }

  private void unblock() {
    if (blocked && !closed) {
      blocked = false;
      admission.test(0);
      from.resume();
    }
  }

  /** Whether it runs and nothing has moved yet. */
  boolean untouched() {
    return moved == 0 && !closed;
  }

  /** Whether it waits for the destination rather than for the source. */
  boolean blocked() {
    return blocked;
  }

  /** For how many nanoseconds it has waited for the destination; zero where it does not. */
  long blockedFor(long now) {
    return blocked ? now - blockedSince : 0;
  }

  /** Bytes so far. */
  long moved() {
    return moved;
  }

  /**
   * The source is gone: takes what is still in memory of it, without waiting for the destination.
   */
  void flush() {
    if (!closed) {
      patient = false;
      blocked = false;
      from.resume();
    }
  }

  /** Moves nothing more. */
  void stop() {
    closed = true;
  }
}
