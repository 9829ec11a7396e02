package dev.stoa.edge;

import dev.stoa.problem.ProblemException;

/**
 * Reads the heads of requests, and their trailers, as RFC 9112 writes them and no more. Most of
 * their octets stand in a target, a name or a value among others of their kind: those are passed
 * over in one go.
 */
final class HeadScanner {
  private final Framing framing = new Framing();
  private final Draft draft;
  private final LineScanner line;
  private final FieldScanner fields;
  private long bodyLength;

  HeadScanner(HeadLimits limits, Draft draft) {
    this.draft = draft;
    this.line = new LineScanner(limits.line(), draft);
    this.fields = new FieldScanner(limits.fields(), framing, draft);
  }

  /**
   * Reads on until the head or trailer is {@link #complete}, or all has been read.
   *
   * @return the octet behind what was read
   * @throws ProblemException if this is not HTTP
   */
  int read(byte[] window, int from, int end) {
    int at = from;
    if (inLine()) {
      at = line.read(window, at, end);
      if (!line.complete()) {
        return at;
      }
      framing.start(line.http10());
      fields.startHead();
    }
    at = fields.read(window, at, end);
    if (fields.complete() && !inTrailer()) {
      bodyLength = framing.bodyLength();
    }
    return at;
  }

  private boolean inLine() {
    return !inTrailer() && !line.complete();
  }

  /** Whether something of it has come. */
  boolean begun() {
    return inTrailer() || line.begun();
  }

  /** Whether its request line has come, and not all of its fields. */
  boolean inFields() {
    return line.complete();
  }

  boolean inTrailer() {
    return fields.inTrailer();
  }

  boolean complete() {
    return !inLine() && fields.complete();
  }

  /** Of a complete head: the length of the body, as far as it is known. */
  long bodyLength() {
    return bodyLength;
  }

  boolean chunked() {
    return framing.chunked();
  }

  /** The next request begins. */
  void startHead() {
    line.start();
    fields.startHead();
  }

  /** The next request's line is yet to come; the fields behind a chunked body begin. */
  void startTrailer() {
    fields.startTrailer();
    draft.startTrailer();
  }
}
