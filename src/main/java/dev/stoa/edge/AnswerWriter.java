package dev.stoa.edge;

import dev.stoa.http.Scratch;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes answers that are whole and not long as octets, head and body in one: the same octets that
 * the encoder of Vert.x would write, in a buffer that is used again. For one event loop.
 */
final class AnswerWriter {
  private static final int ROOM = 16 * 1024;
  private static final int LONGEST_HEAD = 8 * 1024;
  private static final char LAST_OCTET = 0xff;

  private final Scratch scratch = new Scratch(ROOM);
  private final byte[] head = new byte[LONGEST_HEAD];
  private int length; // of the head, so far

  /** The answer for the caller to release; null if it is too long, or the room is in use. */
  ByteBuf write(FullHttpResponse answer) {
    if (!writeHead(answer) || length + answer.content().readableBytes() > ROOM) {
      return null;
    }
    ByteBuf octets = scratch.take();
    if (octets != null) {
      ByteBuf body = answer.content();
      octets.writeBytes(head, 0, length);
      octets.writeBytes(body, body.readerIndex(), body.readableBytes());
    }
    return octets;
  }

  /** Whether there was room for it. */
  private boolean writeHead(FullHttpResponse answer) {
    length = 0;
    String reason = answer.status().reasonPhrase();
    if (reason.length() > LONGEST_HEAD / 2) {
      return false;
    }
    put(answer.protocolVersion().text());
    put(' ');
    put(answer.status().codeAsText());
    put(' ');
    put(reason);
    endLine();
    return writeFields(answer.headers());
  }

  private boolean writeFields(HttpHeaders fields) {
    Iterator<Map.Entry<CharSequence, CharSequence>> each = fields.iteratorCharSequence();
    while (each.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = each.next();
      CharSequence name = field.getKey();
      CharSequence value = field.getValue();
      if (name.length() + value.length() + 6 > LONGEST_HEAD - length) { // and an empty line
        return false;
      }
      put(name);
      put(':');
      put(' ');
      put(value);
      endLine();
    }
    endLine();
    return true;
  }

  private void endLine() {
    put('\r');
    put('\n');
  }

  private void put(char octet) {
    head[length++] = (byte) octet;
  }

  private void put(CharSequence text) {
    if (text instanceof AsciiString ascii) {
      System.arraycopy(ascii.array(), ascii.arrayOffset(), head, length, ascii.length());
      length += ascii.length();
    } else {
      put(text.toString());
    }
  }

  /** What is no octet is never one by chance: the low half of some letters is a line feed. */
  private void put(String text) {
    byte[] to = head;
    int at = length;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      to[at++] = c > LAST_OCTET ? (byte) '?' : (byte) c;
    }
    length = at;
  }
}
