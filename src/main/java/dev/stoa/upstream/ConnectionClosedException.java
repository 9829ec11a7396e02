package dev.stoa.upstream;

import java.io.IOException;

/** A connection was closed while an answer was due, or the pool while one was waited for. */
public final class ConnectionClosedException extends IOException {
  private static final long serialVersionUID = 1;

  ConnectionClosedException(String what) {
    super(what);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
