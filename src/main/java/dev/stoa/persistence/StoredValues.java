package dev.stoa.persistence;

import java.time.Instant;

/** Parameters in the form in which both engines store them. */
final class StoredValues {
  private StoredValues() {}

  static Object[] of(Object... parameters) {
    Object[] values = new Object[parameters.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = stored(parameters[i]);
    }
    return values;
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
