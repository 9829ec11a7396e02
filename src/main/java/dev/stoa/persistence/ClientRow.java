package dev.stoa.persistence;

import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;

/** A row of the SQL client behind our own type. */
record ClientRow(io.vertx.sqlclient.Row row) implements ValueRow {

  static Rows rows(RowSet<io.vertx.sqlclient.Row> answer) {
    List<Row> rows = new ArrayList<>(Math.max(answer.size(), 0));
    for (io.vertx.sqlclient.Row row : answer) {
      rows.add(new ClientRow(row));
    }
    return new Rows(rows, answer.rowCount());
  }

  @Override
  public Object value(String column) {
    int index = row.getColumnIndex(column);
    if (index < 0) {
      throw new NoSuchElementException("the answer has no column " + column);
    }
    return row.getValue(index);
  }
}
