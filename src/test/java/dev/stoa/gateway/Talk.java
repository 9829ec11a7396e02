package dev.stoa.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;

/** One end of a connection, byte by byte and blocking, so that a test reads like a conversation. */
final class Talk implements AutoCloseable {
  static final int PATIENCE_MILLIS = 15_000;
  private final Socket socket;
  private final InputStream in;

  Talk(Socket socket) throws IOException {
    this(socket, PATIENCE_MILLIS);
  }

  Talk(Socket socket, int patienceMillis) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(patienceMillis);
    socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
  }

  static Talk to(int port) throws IOException {
    return new Talk(new Socket("127.0.0.1", port));
  }

  /** As {@link #to}, with a receive buffer that fills at once. */
  static Talk narrow(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4 * 1024);
    socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
    return new Talk(socket);
  }

  Talk say(String text) throws IOException {
    return say(text.getBytes(ISO_8859_1));
  }

  Talk say(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** So many bytes of nothing, piece by piece. */
  void pour(long bytes) throws IOException {
    byte[] piece = new byte[16 * 1024];
    for (long left = bytes; left > 0; left -= piece.length) {
      socket.getOutputStream().write(piece, 0, (int) Math.min(left, piece.length));
    }
  }

  /** A head, as sent, including the empty line. */
  String head() throws IOException {
    return until("\r\n\r\n");
  }

  String until(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < end.length() || text.lastIndexOf(end) != text.length() - end.length()) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("closed after: " + text);
      }
      text.append((char) next);
    }
    return text.toString();
  }

  String read(int bytes) throws IOException {
    byte[] read = in.readNBytes(bytes);
    if (read.length < bytes) {
      throw new EOFException("closed after: " + new String(read, ISO_8859_1));
    }
    return new String(read, ISO_8859_1);
  }

  /** Everything up to a proper end of the connection. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  /** Reads until the connection breaks; what came before. Fails if it ends properly. */
  String untilReset() throws IOException {
    ByteArrayOutputStream before = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next >= 0; next = in.read()) {
        before.write(next);
      }
    } catch (SocketException reset) {
      return before.toString(ISO_8859_1);
    }
    throw new AssertionError("ended properly after: " + before.toString(ISO_8859_1));
  }

  /** Waits for the connection to be over, one way or the other. */
  void untilGone() throws IOException {
    try {
      in.readAllBytes();
    } catch (SocketException reset) {
      // gone as well
    }
  }

  /** Closes so that the other side sees a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  InputStream in() {
    return in;
  }

  Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
