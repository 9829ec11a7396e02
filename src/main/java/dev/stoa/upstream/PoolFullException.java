package dev.stoa.upstream;

/** All connections to a server are in use, and as many requests as may wait for one do. */
public final class PoolFullException extends RuntimeException {
  private static final long serialVersionUID = 1;

  PoolFullException() {
    super("too many requests wait for a connection", null, false, false);
  }
}
