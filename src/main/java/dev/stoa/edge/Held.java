package dev.stoa.edge;

import io.netty.buffer.ByteBufHolder;
import io.netty.handler.codec.http.HttpObject;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;

/** Messages of a request that waits in its gate. For one event loop. */
final class Held {
  /** In octets. */
  static final int ENOUGH = 16 * 1024;

  private static final int ENOUGH_PARTS = 256;

  private List<HttpObject> messages = new ArrayList<>(0);
  private int bytes;
  private long since;

  boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Whether it is time to read no more. */
  boolean isFull() {
    return bytes >= ENOUGH || messages.size() >= ENOUGH_PARTS;
  }

  boolean isOlderThan(long nanos, long now) {
    return !isEmpty() && now - since > nanos;
  }

  void add(List<HttpObject> more) {
    if (isEmpty()) {
      since = System.nanoTime();
    }
    for (HttpObject message : more) {
      messages.add(message);
      bytes += message instanceof ByteBufHolder part ? part.content().readableBytes() : 0;
    }
  }

  /** All of it, for the caller to pass on or to release. */
  List<HttpObject> take() {
    List<HttpObject> all = messages;
    messages = new ArrayList<>(0);
    bytes = 0;
    return all;
  }

  void drop() {
    take().forEach(ReferenceCountUtil::release);
  }
}
