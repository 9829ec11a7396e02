package dev.stoa.gateway;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A response as it came.
 *
 * @param headers by name in lower case
 */
record RawResponse(int status, Map<String, List<String>> headers, String body) {

  static RawResponse parse(String text) {
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new AssertionError("no response head in: " + text);
    }
    String[] lines = text.substring(0, end).split("\r\n");
    Map<String, List<String>> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers
          .computeIfAbsent(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
          .add(lines[i].substring(colon + 1).strip());
    }
    return new RawResponse(
        Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
  }

  /** The values of a field, joined; null where there is none. */
  String header(String name) {
    List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
    return values == null ? null : String.join(", ", values);
  }

  JsonObject json() {
    return new JsonObject(body);
  }

  /** The last part of a problem's type: {@code expired-token}. */
  String problem() {
    if (!"application/problem+json".equals(header("Content-Type"))) {
      throw new AssertionError("no problem: " + this);
    }
    return json().getString("type").replace("/problems/", "");
  }

  /** A field that the upstream says it was sent; null where it was not. */
  String sent(String name) {
    var values = json().getJsonObject("headers").getJsonArray(name.toLowerCase(Locale.ROOT));
    return values == null
        ? null
        : String.join(" | ", values.stream().map(Object::toString).toList());
  }
}
