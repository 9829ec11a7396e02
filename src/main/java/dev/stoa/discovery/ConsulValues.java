package dev.stoa.discovery;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Keys and values as Consul lists them. */
final class ConsulValues {
  private ConsulValues() {}

  /**
   * Values by keys without the prefix that all of them begin with. Folders, which people make by
   * keys that end in a slash, are none.
   *
   * @throws IllegalArgumentException where it is anything else; the values may be secrets, so that
   *     nothing of it is repeated
   */
  static Map<String, Buffer> read(Buffer body, String prefix) {
    Map<String, Buffer> values = new TreeMap<>();
    try {
      for (Object item : new JsonArray(body)) {
        JsonObject entry = (JsonObject) item;
        String key = entry.getString("Key");
        if (!key.startsWith(prefix)) {
          throw new IllegalArgumentException("another prefix");
        }
        if (!key.endsWith("/")) {
          String value = entry.getString("Value");
          byte[] bytes = Base64.getDecoder().decode(value == null ? "" : value);
          values.put(key.substring(prefix.length()), Buffer.buffer(bytes));
        }
      }
      return values;
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("an answer that is no list of keys and values");
    }
  }
}
