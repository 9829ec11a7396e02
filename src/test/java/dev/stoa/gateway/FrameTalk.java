package dev.stoa.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;

/**
 * HTTP/2 frame by frame, with header fields in any order and shape: literal, never indexed, no
 * Huffman code (RFC 7541, section 6.2.2).
 */
final class FrameTalk implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;
  private static final int PRIORITY = 0x20;
  private static final int PRIORITY_BYTES = 5;

  private final Talk talk;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();

  private FrameTalk(Talk talk) {
    this.talk = talk;
  }

  /** A connection on which both sides have begun. */
  static FrameTalk to(int port) throws IOException {
    FrameTalk frames = new FrameTalk(Talk.to(port));
    frames.talk.say("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    return frames.frame(SETTINGS, 0, 0, new byte[0]);
  }

  FrameTalk frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = payload.length;
    out.writeBytes(new byte[] {(byte) (length >> 16), (byte) (length >> 8), (byte) length});
    out.write(type);
    out.write(flags);
    out.writeBytes(
        new byte[] {
          (byte) (stream >> 24), (byte) (stream >> 16), (byte) (stream >> 8), (byte) stream
        });
    out.writeBytes(payload);
    talk.say(out.toByteArray());
    return this;
  }

  /** A header block of {@code name, value, name, value …}. */
  static byte[] block(String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i += 2) {
      out.write(0x10);
      text(out, fields[i]);
      text(out, fields[i + 1]);
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    if (bytes.length < 127) {
      out.write(bytes.length);
    } else {
      out.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        out.write(rest & 127 | 128);
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  /** How this stream ends: a status, {@code reset}, or {@code closed} with its connection. */
  String outcome(int stream) throws IOException {
    DataInputStream in = new DataInputStream(talk.in());
    try {
      while (true) {
        int head = in.readInt();
        int flags = in.readUnsignedByte();
        int id = in.readInt() & Integer.MAX_VALUE;
        byte[] payload = in.readNBytes(head >>> 8);
        int type = head & 0xff;
        if (type == GOAWAY) {
          return "closed";
        } else if (type == RST_STREAM && id == stream) {
          return "reset";
        } else if (type == HEADERS) {
          String status = status(id, (flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES, payload);
          if (id == stream) {
            return status;
          }
        } else if (type == SETTINGS && (flags & 1) == 0) {
          frame(SETTINGS, 1, 0, new byte[0]);
        }
      }
    } catch (EOFException | SocketException end) {
      return "closed";
    }
  }

  private String status(int stream, int skip, byte[] block) {
    ByteBuf bytes = Unpooled.wrappedBuffer(block).skipBytes(skip);
    try {
      return decoder.decodeHeaders(stream, bytes).status().toString();
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() throws IOException {
    talk.close();
  }
}
