package dev.stoa.persistence;

import java.util.Map;
import java.util.NoSuchElementException;

/** A row that was read as a whole. */
final class StoredRow implements ValueRow {
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
  public Object value(String column) {
    Integer index = columns.get(column);
    if (index == null) {
      throw new NoSuchElementException("the answer has no column " + column);
    }
    return values[index];
  }
}
