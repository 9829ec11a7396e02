package dev.stoa.persistence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One connection to an SQLite file, with the statements it has prepared. Blocks; of one thread at a
 * time. In auto-commit mode, so that transactions are what statements say.
 */
final class SqliteConnection implements AutoCloseable {
  private static final int MAX_PREPARED = 256;

  private final Connection connection;
  private final Map<String, PreparedStatement> prepared =
      new LinkedHashMap<>(MAX_PREPARED, 0.75f, true);

  private SqliteConnection(Connection connection) {
    this.connection = connection;
  }

  static SqliteConnection open(String url) throws SQLException {
    return new SqliteConnection(DriverManager.getConnection(url));
  }

  Rows execute(String statement, Object... parameters) throws SQLException {
    PreparedStatement ready = prepare(statement);
    ready.clearParameters();
    Object[] values = StoredValues.of(parameters);
    for (int i = 0; i < values.length; i++) {
      ready.setObject(i + 1, values[i]);
    }
    if (!ready.execute()) {
      return new Rows(List.of(), ready.getUpdateCount());
    }
    try (ResultSet answer = ready.getResultSet()) {
      return rows(answer);
    }
  }

  private PreparedStatement prepare(String statement) throws SQLException {
    PreparedStatement known = prepared.get(statement);
    if (known != null) {
      return known;
    }
    if (prepared.size() == MAX_PREPARED) {
      Iterator<PreparedStatement> oldest = prepared.values().iterator();
      oldest.next().close();
      oldest.remove();
    }
    PreparedStatement fresh = connection.prepareStatement(SqliteText.of(statement));
    prepared.put(statement, fresh);
    return fresh;
  }

  private static Rows rows(ResultSet answer) throws SQLException {
    ResultSetMetaData shape = answer.getMetaData();
    int width = shape.getColumnCount();
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < width; i++) {
      columns.put(shape.getColumnLabel(i + 1), i);
    }
    List<Row> rows = new ArrayList<>();
    while (answer.next()) {
      Object[] values = new Object[width];
      for (int i = 0; i < width; i++) {
        values[i] = answer.getObject(i + 1);
      }
      rows.add(new StoredRow(columns, values));
    }
    return new Rows(rows, 0);
  }

  /** Takes back what is not committed. */
  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
