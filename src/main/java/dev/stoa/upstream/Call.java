package dev.stoa.upstream;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/**
 * One request on a connection, from the taking of the connection to the end of the answer. First
 * {@link #request}, then its {@link #fields}; the head leaves with the first part of the body, with
 * the end, or with {@link #sendHead}, in one packet with what is there. After 101 what is written
 * passes as it is. Writing to a call that is over does nothing: whoever wants to know listens. For
 * the event loop of the pool.
 */
public final class Call implements WriteStream<Buffer> {
  private static final Future<Void> DONE = Future.succeededFuture();

  private final Connection connection;
  private final boolean reused;
  private final Fields fields = new Fields();
  private CallListener listener;
  private String method;
  private String target;
  private boolean upgrade;
  private boolean chunked;
  private boolean headSent;
  private boolean ended;
  private boolean raw;
  private boolean failed;
  private boolean closed;
  private Handler<Void> drainHandler;
  private Runnable closeHandler;
  private Answer answer;

  Call(Connection connection, boolean reused) {
    this.connection = connection;
    this.reused = reused;
  }

  /** Begins the request; {@code told} learns what comes of it. */
  public Call request(String itsMethod, String itsTarget, CallListener told) {
    method = itsMethod;
    target = itsTarget;
    listener = told;
    return this;
  }

  /** Asks to leave HTTP: 101 is an answer, and the connection is never used again. */
  public Call upgrade() {
    upgrade = true;
    return this;
  }

  /** The body has no length, and is framed by chunks. */
  public Call chunked() {
    chunked = true;
    fields.set("Transfer-Encoding", "chunked");
    return this;
  }

  /** The header fields to be sent. */
  public Fields fields() {
    return fields;
  }

  /**
   * Looks at what is to be sent, before anything is.
   *
   * @throws IllegalArgumentException if it cannot stand in a head
   */
  public void check() {
    HeadWriter.check(method, target, fields);
  }

  /** Whether the connection has carried another request before this one. */
  public boolean reused() {
    return reused;
  }

  /** Sends the head ahead of the body. */
  public void sendHead() {
    if (!headSent && connection.carries(this)) {
      connection.write(this, null, false);
    }
  }

  @Override
  public Future<Void> write(Buffer data) {
    send(data, false);
    return DONE;
  }

  @Override
  public Future<Void> end() {
    send(null, true);
    return DONE;
  }

  @Override
  public Future<Void> end(Buffer data) {
    send(data, true);
    return DONE;
  }

  private void send(Buffer data, boolean last) {
    if (!ended && connection.carries(this)) {
      ended = last;
      connection.write(this, data, last);
    }
  }

  @Override
  public boolean writeQueueFull() {
    return connection.carries(this) && !connection.isWritable();
  }

  @Override
  public Call drainHandler(Handler<Void> told) {
    drainHandler = told;
    return this;
  }

  /** Not here: the listener is told. */
  @Override
  public Call exceptionHandler(Handler<Throwable> told) {
    return this;
  }

  /** The bound is the connection's. */
  @Override
  public Call setWriteQueueMaxSize(int maxSize) {
    return this;
  }

  /**
   * Lets go of the connection, unless the call is over: one on which nothing was sent yet goes back
   * to the pool, any other is {@linkplain #reset reset}.
   */
  public void drop() {
    if (headSent) {
      reset();
    } else if (connection.carries(this)) {
      connection.giveBack();
    }
  }

  /**
   * Breaks the connection off, unless the call is over. A TCP reset cannot be mistaken for an end.
   */
  public void reset() {
    if (connection.carries(this)) {
      connection.reset();
    }
  }

  /** Told when the connection is closed, if it is this call's until then; at once if it was. */
  public void onClose(Runnable told) {
    if (closed) {
      told.run();
    } else {
      closeHandler = told;
    }
  }

  void pause() {
    if (connection.carries(this)) {
      connection.pause();
    }
  }

  void resume() {
    if (connection.carries(this)) {
      connection.resume();
    }
  }

  String method() {
    return method;
  }

  String target() {
    return target;
  }

  boolean isUpgrade() {
    return upgrade;
  }

  /** Whether what is written is framed by chunks. */
  boolean isChunked() {
    return chunked && !raw;
  }

  /** Whether what is written passes as it is, and its end closes the connection. */
  boolean isRaw() {
    return raw;
  }

  boolean headSent() {
    return headSent;
  }

  void headLeaves() {
    headSent = true;
  }

  /** Whether the request has been sent to its end. */
  boolean ended() {
    return ended;
  }

  /** Whether the answer may be read on. */
  boolean flows() {
    return answer == null || !answer.paused();
  }

  void interim(HeadReader head) {
    if (head.status() == 103) {
      listener.hinted(head.fields());
    }
  }

  void answered(Answer given) {
    answer = given;
    raw = given.status() == 101;
    listener.answered(given);
  }

  void part(Buffer part, boolean last) {
    answer.part(part, last);
  }

  void over(Fields trailers) {
    answer.end(trailers);
  }

  void lull() {
    if (answer != null) {
      answer.lull();
    }
  }

  void drained() {
    if (drainHandler != null) {
      drainHandler.handle(null);
    }
  }

  void fail(Throwable cause) {
    if (!failed) {
      failed = true;
      boolean told = answer != null && answer.fail(cause);
      if (!told && listener != null) { // else nobody has asked for anything yet
        listener.failed(cause);
      }
    }
  }

  void closed() {
    boolean first = !closed;
    closed = true;
    if (first && closeHandler != null) {
      closeHandler.run();
    }
  }
}
