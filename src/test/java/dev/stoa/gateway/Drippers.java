package dev.stoa.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Clients that keep their connections busy with next to nothing. For one thread. */
final class Drippers implements AutoCloseable {
  private final List<SocketChannel> open = new ArrayList<>();
  private final ByteBuffer in = ByteBuffer.allocate(4 * 1024);

  /** So many connections that have each said {@code beginning}. */
  static Drippers connect(int port, int count, String beginning) throws IOException {
    Drippers drippers = new Drippers();
    for (int i = 0; i < count; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.write(ByteBuffer.wrap(beginning.getBytes(US_ASCII)));
      channel.configureBlocking(false);
      drippers.open.add(channel);
    }
    return drippers;
  }

  /** One more byte from each; those that were closed are forgotten. */
  void drip() {
    open.removeIf(channel -> !drips(channel));
  }

  int open() {
    return open.size();
  }

  private boolean drips(SocketChannel channel) {
    try {
      channel.write(ByteBuffer.wrap(new byte[] {'x'}));
      in.clear();
      if (channel.read(in) >= 0) {
        return true;
      }
      channel.close();
      return false;
    } catch (IOException reset) {
      closeQuietly(channel);
      return false;
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException closed) {
      // it was anyway
    }
  }

  @Override
  public void close() {
    open.forEach(Drippers::closeQuietly);
  }
}
