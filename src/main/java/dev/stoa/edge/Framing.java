package dev.stoa.edge;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import java.util.regex.Pattern;

/**
 * What the header fields of one HTTP/1 request say about where it ends and whose it is: the fields
 * over which two servers in a row can disagree (RFC 9112, sections 3.2 and 6). Anything but the one
 * plain form of each is refused.
 */
final class Framing {
  private static final int MAX_FIELDS = 100;
  private static final String MISSPELT =
      "The name of a header field is one letter off Content-Length.";
  private static final int LONGEST_VALUE = 300;
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._~-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,17}");

  private String goodHost; // of the request before, most often that of the next; null at first
  private boolean http10;
  private int fields;
  private int hosts;
  private long length;
  private boolean chunked;

  /** A request line was read. */
  void start(boolean isHttp10) {
    http10 = isHttp10;
    fields = 0;
    hosts = 0;
    length = -1;
    chunked = false;
  }

  /** A field begins, be it of the head or of the trailer. */
  void startField() {
    fields++;
    if (fields > MAX_FIELDS) {
      throw new ProblemException(
          ProblemType.HEADERS_TOO_LARGE, "There may be " + MAX_FIELDS + " header fields.");
    }
  }

  /**
   * A field of the head is complete.
   *
   * @param value without the blanks around it
   * @param octets how many they were with them
   */
  void field(Field.Meaning meaning, String value, int octets) {
    switch (meaning) {
      case HOST -> host(checked(value, octets));
      case CONTENT_LENGTH -> contentLength(checked(value, octets));
      case TRANSFER_ENCODING -> transferEncoding(checked(value, octets));
      case TAKEN_FOR_LENGTH -> Malformed.unless(false, MISSPELT);
      case UNSEEN_BODY -> Malformed.unless(false, "This form of WebSocket is not supported.");
      case PLAIN, HEAD_ONLY, UPGRADE -> {}
    }
  }

  /** A field of the trailer is complete. */
  static void trailerField(Field.Meaning meaning) {
    switch (meaning) {
      case HOST, CONTENT_LENGTH, TRANSFER_ENCODING, HEAD_ONLY ->
          Malformed.unless(false, "A trailer field must not be in a trailer.");
      case TAKEN_FOR_LENGTH -> Malformed.unless(false, MISSPELT);
      case PLAIN, UPGRADE, UNSEEN_BODY -> {}
    }
  }

  private void host(String text) {
    hosts++;
    boolean wellFormed = text.equals(goodHost) || HOST.matcher(text).matches();
    Malformed.unless(hosts == 1 && wellFormed, "There must be one well-formed Host field.");
    goodHost = text;
  }

  private void contentLength(String text) {
    Malformed.unless(
        length < 0 && LENGTH.matcher(text).matches(), "There must be one plain Content-Length.");
    length = Long.parseLong(text);
  }

  private void transferEncoding(String text) {
    Malformed.unless(
        !chunked && !http10 && text.equalsIgnoreCase("chunked"),
        "The only transfer coding taken is chunked.");
    chunked = true;
  }

  private static String checked(String value, int octets) {
    Malformed.unless(octets <= LONGEST_VALUE, "A header field is too long.");
    return value;
  }

  /** The head is complete: the length of the body, as far as it is known. */
  long bodyLength() {
    Malformed.unless(
        !chunked || length < 0, "A body has either Content-Length or Transfer-Encoding.");
    Malformed.unless(hosts == 1 || http10, "There must be one well-formed Host field.");
    return Math.max(0, length);
  }

  boolean chunked() {
    return chunked;
  }
}
