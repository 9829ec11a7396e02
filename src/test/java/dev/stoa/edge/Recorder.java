package dev.stoa.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes messages down, however a body was cut, and releases them. */
final class Recorder {
  private final List<String> seen = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();
  private boolean failed;

  void record(Object message) {
    if (message instanceof ByteBufHolder part) {
      ByteBuf content = part.content();
      body.append(content.toString(StandardCharsets.ISO_8859_1));
      part.release();
    }
    if (message instanceof HttpObject object && !object.decoderResult().isSuccess()) {
      failed = true;
      return;
    }
    if (message instanceof HttpRequest head) {
      seen.add(head.method() + " " + head.uri() + " " + head.protocolVersion());
      fields(head.headers());
    }
    if (message instanceof LastHttpContent last) {
      seen.add("body " + body);
      body.setLength(0);
      fields(last.trailingHeaders());
    }
  }

  private void fields(HttpHeaders fields) {
    fields.iteratorCharSequence().forEachRemaining(f -> seen.add(f.getKey() + "=" + f.getValue()));
  }

  /** Heads, bodies that were complete, and trailers, in their order. */
  List<String> seen() {
    return seen;
  }

  /** What has come of a body that is not complete. */
  String begun() {
    return body.toString();
  }

  boolean failed() {
    return failed;
  }
}
