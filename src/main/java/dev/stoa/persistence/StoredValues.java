package dev.stoa.persistence;

import java.time.Instant;
import java.util.Arrays;

/** Parameters in the form in which both engines store them. */
final class StoredValues {
  private StoredValues() {}

  static Object[] of(Object... parameters) {
    return Arrays.stream(parameters).map(StoredValues::stored).toArray();
  }

  private static Object stored(Object value) {
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (value instanceof Instant instant) {
      return instant.toEpochMilli();
    }
    if (value == null
        || value instanceof String
        || value instanceof Long
        || value instanceof Integer) {
      return value;
    }
    throw new IllegalArgumentException("no SQL parameter: " + value.getClass().getName());
  }
}
