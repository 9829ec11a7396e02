package dev.stoa.upstream;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/**
 * The answer to a {@link Call}: its head, and its body as a stream of parts of at most 16 KiB.
 * After 101 the stream is all that comes on the connection. While it is paused nothing is read of
 * it, so that the upstream has to wait. For the event loop of the pool.
 */
public final class Answer implements ReadStream<Buffer> {
  private final Call call;
  private final int status;
  private final String reason;
  private final boolean http10;
  private final Fields fields;
  private Fields trailers;
  private Handler<Buffer> handler;
  private Handler<Void> endHandler;
  private Handler<Throwable> exceptionHandler;
  private Runnable lull;
  private boolean paused;
  private boolean last;
  private boolean ended;

  Answer(Call call, HeadReader head) {
    this.call = call;
    this.status = head.status();
    this.reason = head.reason();
    this.http10 = head.http10();
    this.fields = head.fields();
  }

  public int status() {
    return status;
  }

  public String reason() {
    return reason;
  }

  /** Whether it is one of HTTP/1.0 rather than 1.1. */
  public boolean http10() {
    return http10;
  }

  public Fields fields() {
    return fields;
  }

  /** The value of the first field of this name; null where there is none. */
  public String get(String name) {
    return fields.get(name);
  }

  /** The fields behind the body, once it has ended; null where there are none. */
  public Fields trailers() {
    return trailers;
  }

  /** Whether nothing comes after the part that the handler is being given, no trailers either. */
  public boolean isLast() {
    return last;
  }

  /** Told once, when what was read with the head is through and the answer is not at its end. */
  public void onLull(Runnable told) {
    lull = told;
  }

  @Override
  public Answer handler(Handler<Buffer> told) {
    handler = told;
    return this;
  }

  @Override
  public Answer endHandler(Handler<Void> told) {
    endHandler = told;
    return this;
  }

  /** Who learns of a failure in the place of the call's listener. */
  @Override
  public Answer exceptionHandler(Handler<Throwable> told) {
    exceptionHandler = told;
    return this;
  }

  @Override
  public Answer pause() {
    paused = true;
    call.pause();
    return this;
  }

  @Override
  public Answer resume() {
    if (paused) {
      paused = false;
      if (ended) {
        tellEnd();
      } else {
        call.resume();
      }
    }
    return this;
  }

  /** As {@link #resume}: parts are not counted here. */
  @Override
  public Answer fetch(long amount) {
    return resume();
  }

  boolean paused() {
    return paused;
  }

  void part(Buffer part, boolean isLast) {
    last = isLast;
    if (handler != null) {
      handler.handle(part);
    }
  }

  void end(Fields behind) {
    trailers = behind;
    ended = true;
    lull = null;
    if (!paused) {
      tellEnd();
    }
  }

  private void tellEnd() {
    if (endHandler != null) {
      endHandler.handle(null);
    }
  }

  void lull() {
    if (lull != null) {
      Runnable told = lull;
      lull = null;
      told.run();
    }
  }

  /** Whether somebody wants to know of it. */
  boolean fail(Throwable cause) {
    if (exceptionHandler == null) {
      return false;
    }
    exceptionHandler.handle(cause);
    return true;
  }
}
