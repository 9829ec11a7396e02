package dev.stoa.service;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.TreeMap;

/**
 * Writes JSON so that equal values have one text: members sorted, no white space, numbers by their
 * value. As RFC 8785, but for numbers, which stay exact.
 */
final class CanonicalJson {
  private CanonicalJson() {}

  static String of(JsonObject object) {
    StringBuilder out = new StringBuilder();
    write(out, object);
    return out.toString();
  }

  private static void write(StringBuilder out, Object value) {
    if (value instanceof JsonObject object) {
      writeObject(out, object);
    } else if (value instanceof JsonArray array) {
      writeArray(out, array);
    } else if (value instanceof Number number) {
      BigDecimal exact = new BigDecimal(number.toString());
      out.append(exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toString());
    } else {
      out.append(Json.encode(value));
    }
  }

  private static void writeObject(StringBuilder out, JsonObject object) {
    char before = '{';
    for (String name : new TreeMap<>(object.getMap()).keySet()) {
      out.append(before).append(Json.encode(name)).append(':');
      write(out, object.getValue(name));
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  private static void writeArray(StringBuilder out, JsonArray array) {
    out.append('[');
    for (Iterator<Object> values = array.iterator(); values.hasNext(); ) {
      write(out, values.next());
      out.append(values.hasNext() ? "," : "");
    }
    out.append(']');
  }
}
