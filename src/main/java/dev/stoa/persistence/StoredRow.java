package dev.stoa.persistence;

import java.time.Instant;
import java.util.Map;
import java.util.NoSuchElementException;

/** A row that was read as a whole. */
final class StoredRow implements Row {
  private final Map<String, Integer> columns;
  private final Object[] values;

  /**
   * A row.
   *
   * @param columns the index of each column
   */
  StoredRow(Map<String, Integer> columns, Object[] values) {
    this.columns = columns;
    this.values = values;
  }

  @Override
  public String text(String column) {
    return (String) value(column);
  }

  @Override
  public long number(String column) {
    return value(column) instanceof Number n ? n.longValue() : 0;
  }

  @Override
  public boolean flag(String column) {
    return number(column) != 0;
  }

  @Override
  public Instant instant(String column) {
    return value(column) instanceof Number n ? Instant.ofEpochMilli(n.longValue()) : null;
  }

  private Object value(String column) {
    Integer index = columns.get(column);
    if (index == null) {
      throw new NoSuchElementException("the answer has no column " + column);
    }
    return values[index];
  }
}
