package dev.stoa.edge;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.impl.HttpUtils;
import io.vertx.core.http.impl.headers.HeadersMultiMap;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * The message that is being read, in the form in which the server takes it: what the decoder of
 * Vert.x would make of the same octets. Nothing of it is checked here, because every octet has
 * been; what a handler adds to it later is.
 */
final class Draft {
  private final BiConsumer<CharSequence, CharSequence> unlessRead = this::check;
  private boolean reading; // what the scanner has checked
  private HttpMethod method;
  private String target;
  private HttpVersion version;
  private HttpHeaders fields;
  private boolean upgrades;
  private boolean hasTrailer;
  private boolean askedForHead;

  void method(HttpMethod given) {
    method = given;
    askedForHead |= HttpMethod.HEAD.equals(given);
  }

  /** Whether HEAD has been among the methods. */
  boolean askedForHead() {
    return askedForHead;
  }

  void target(String given) {
    target = given;
  }

  /** The request line is complete. */
  void version(boolean http10) {
    version = http10 ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    fields = read();
    upgrades = false;
  }

  void field(Field field, String value) {
    upgrades |= field.meaning() == Field.Meaning.UPGRADE;
    add(fields, field, value);
  }

  /** The head as far as it has come; after that another is begun. */
  HttpRequest request() {
    if (upgrades) {
      hideHttp2();
    }
    HttpRequest whole = new DefaultHttpRequest(version, method, target, fields, false);
    fields = null;
    return whole;
  }

  /**
   * Hides the wish to go over to HTTP/2 in the middle of HTTP/1.1, which Vert.x would fulfil. RFC
   * 9113 has dropped it, it never got on with bodies, and a server may ignore it (RFC 9110, section
   * 7.8): the request is answered as HTTP/1.1.
   */
  private void hideHttp2() {
    String protocols = String.join(",", fields.getAll(HttpHeaderNames.UPGRADE));
    if (protocols.toLowerCase(Locale.ROOT).contains("h2c")) {
      fields.remove(HttpHeaderNames.UPGRADE);
      upgrades = false;
    }
  }

  /** Whether the request that was read last asks to leave HTTP. */
  boolean upgrades() {
    return upgrades;
  }

  void startTrailer() {
    fields = read();
    hasTrailer = false;
  }

  /** A trailer never says how its message is read. */
  void trailerField(Field field, String value) {
    if (!HttpHeaderNames.TRAILER.contentEqualsIgnoreCase(field.name())) {
      add(fields, field, value);
    }
    hasTrailer = true;
  }

  LastHttpContent trailer() {
    LastHttpContent last =
        hasTrailer
            ? new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER, fields)
            : LastHttpContent.EMPTY_LAST_CONTENT;
    fields = null;
    return last;
  }

  /** Takes what is read as it is, and checks what anybody else may add to it. */
  private HttpHeaders read() {
    return HeadersMultiMap.httpHeaders(unlessRead);
  }

  private void add(HttpHeaders to, Field field, String value) {
    reading = true;
    to.add(field.name(), (Object) value);
    reading = false;
  }

  private void check(CharSequence name, CharSequence value) {
    if (!reading) {
      HttpUtils.validateHeader(name, value);
    }
  }
}
