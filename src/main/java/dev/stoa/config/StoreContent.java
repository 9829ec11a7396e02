package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that a store has said at one time. As text it is a file among the files of the configuration,
 * so that it is kept, compared and rolled back with them.
 *
 * @param prefix what its keys begin with there
 * @param values by keys without the prefix
 */
record StoreContent(String prefix, SortedMap<String, Buffer> values) {
  private static final String BASE64 = "base64";

  StoreContent(String prefix, Map<String, Buffer> values) {
    this(prefix, new TreeMap<>(values));
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  /** How many keys of this one {@code other} has, too. */
  long keptBy(StoreContent other) {
    return values.keySet().stream().filter(other.values::containsKey).count();
  }

  /** The same with another value. */
  StoreContent with(String key, Buffer value) {
    SortedMap<String, Buffer> changed = new TreeMap<>(values);
    changed.put(key, value);
    return new StoreContent(prefix, changed);
  }

  /** Always the same bytes for the same content. */
  Buffer encode() {
    JsonObject all = new JsonObject();
    values.forEach((key, value) -> all.put(key, json(value)));
    return new JsonObject().put("prefix", prefix).put("values", all).toBuffer();
  }

  /** Reads {@link #encode}; fails with any RuntimeException on anything else. */
  static StoreContent decode(Buffer text) {
    JsonObject json = new JsonObject(text);
    SortedMap<String, Buffer> values = new TreeMap<>();
    JsonObject all = json.getJsonObject("values");
    for (String key : all.fieldNames()) {
      values.put(key, bytes(all.getValue(key)));
    }
    return new StoreContent(json.getString("prefix"), values);
  }

  /** Text as it is; what is none will be refused, but has to be kept until then. */
  private static Object json(Buffer value) {
    byte[] bytes = value.getBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new JsonObject().put(BASE64, Base64.getEncoder().encodeToString(bytes));
    }
  }

  private static Buffer bytes(Object json) {
    return json instanceof String text
        ? Buffer.buffer(text)
        : Buffer.buffer(Base64.getDecoder().decode(((JsonObject) json).getString(BASE64)));
  }
}
