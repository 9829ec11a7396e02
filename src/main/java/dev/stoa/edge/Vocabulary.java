package dev.stoa.edge;

import io.netty.handler.codec.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The words that most heads are made of, so that no object is made for them. Whatever is not among
 * them is made anew. Immutable.
 */
final class Vocabulary {
  private static final List<String> NAMES =
      List.of(
          ("Host User-Agent Accept Accept-Encoding Accept-Language Accept-Charset Authorization"
                  + " Connection Content-Type Content-Length Content-Encoding Transfer-Encoding"
                  + " Cookie Cache-Control Pragma Origin Referer Expect Upgrade TE Trailer Range"
                  + " If-Match If-None-Match If-Modified-Since If-Unmodified-Since If-Range"
                  + " Keep-Alive DNT Priority Date From Via Forwarded X-Forwarded-For"
                  + " X-Forwarded-Host X-Forwarded-Port X-Forwarded-Proto X-Forwarded-Prefix"
                  + " X-Real-IP X-Request-Id X-Request-Timeout-Ms X-Requested-With Idempotency-Key"
                  + " Traceparent Tracestate Upgrade-Insecure-Requests Sec-Fetch-Dest"
                  + " Sec-Fetch-Mode Sec-Fetch-Site Sec-Fetch-User Sec-CH-UA Sec-CH-UA-Mobile"
                  + " Sec-CH-UA-Platform Sec-WebSocket-Key Sec-WebSocket-Version"
                  + " Sec-WebSocket-Protocol Sec-WebSocket-Extensions"
                  + " Access-Control-Request-Method Access-Control-Request-Headers")
              .split(" "));

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT");

  private static final Vocabulary COMMON = new Vocabulary();

  private final Words<Field> fields = new Words<>(512);
  private final Words<HttpMethod> methods = new Words<>(32);

  /** Found by length and two octets; those that fall together are compared one by one. */
  private static final class Words<T> {
    private record Entry<T>(byte[] octets, T meaning) {}

    private final Entry<T>[] entries;

    @SuppressWarnings("unchecked")
    Words(int size) {
      entries = (Entry<T>[]) new Entry<?>[size];
    }

    void add(byte[] octets, T meaning) {
      int at = place(octets.length, octets[0], octets[octets.length - 1]);
      while (entries[at] != null) {
        at = at + 1 & entries.length - 1;
      }
      entries[at] = new Entry<>(octets, meaning);
    }

    T find(Word word, Function<Word, T> otherwise) {
      int at = place(word.length(), word.first(), word.last());
      for (Entry<T> entry = entries[at]; entry != null; entry = entries[at]) {
        if (word.is(entry.octets)) {
          return entry.meaning;
        }
        at = at + 1 & entries.length - 1;
      }
      return otherwise.apply(word);
    }

    private int place(int length, int first, int last) {
      return length * 37 + first * 5 + last * 11 & entries.length - 1;
    }
  }

  private Vocabulary() {
    for (String name : NAMES) {
      add(Field.of(name));
      add(Field.of(name.toLowerCase(Locale.ROOT)));
    }
    for (String method : METHODS) {
      methods.add(method.getBytes(StandardCharsets.ISO_8859_1), HttpMethod.valueOf(method));
    }
  }

  private void add(Field field) {
    fields.add(field.octets(), field);
  }

  static Field field(Word word) {
    return COMMON.fields.find(word, Field::of);
  }

  static HttpMethod method(Word word) {
    return COMMON.methods.find(word, other -> HttpMethod.valueOf(other.text()));
  }
}
