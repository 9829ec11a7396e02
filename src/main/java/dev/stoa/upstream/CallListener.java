package dev.stoa.upstream;

/** Learns what comes of a {@link Call}. Told on the event loop of the pool. */
public interface CallListener {
  /** Early hints (RFC 8297); any number of them, before the answer. */
  default void hinted(Fields hints) {}

  /** The head of the final answer is there. Its body flows as soon as this returns. */
  void answered(Answer answer);

  /**
   * The connection has failed, or what came on it was no answer. Told at most once, before or after
   * the head, and not for what the caller did. What had been read of the body before is still there
   * until this returns, for whoever {@linkplain Answer#resume resumes} it.
   */
  void failed(Throwable cause);
}
