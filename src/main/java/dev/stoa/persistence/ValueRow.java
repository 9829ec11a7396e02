package dev.stoa.persistence;

import java.time.Instant;

/** What both kinds of row make of a column's value, wherever they have it from. */
interface ValueRow extends Row {

  /**
   * The plain value, null where the column is.
   *
   * @throws java.util.NoSuchElementException where the answer has no such column
   */
  Object value(String column);

  @Override
  default String text(String column) {
    return (String) value(column);
  }

  @Override
  default long number(String column) {
    return value(column) instanceof Number n ? n.longValue() : 0;
  }

  @Override
  default boolean flag(String column) {
    return number(column) != 0;
  }

  @Override
  default Instant instant(String column) {
    return value(column) instanceof Number n ? Instant.ofEpochMilli(n.longValue()) : null;
  }
}
