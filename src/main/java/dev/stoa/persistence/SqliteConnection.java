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
  private final Map<String, Prepared> prepared = new LinkedHashMap<>(MAX_PREPARED, 0.75f, true);

  /** A statement, and where the columns of what it answers are, as far as it has answered. */
  private static final class Prepared {
    private final PreparedStatement statement;
    private Map<String, Integer> columns = Map.of();

    Prepared(PreparedStatement statement) {
      this.statement = statement;
    }

    // To ask for the names costs more than to read a row.
    Map<String, Integer> columns(ResultSetMetaData shape, int width) throws SQLException {
      if (columns.size() != width) {
        Map<String, Integer> found = new HashMap<>();
        for (int i = 0; i < width; i++) {
          found.put(shape.getColumnLabel(i + 1), i);
        }
        columns = found;
      }
      return columns;
    }
  }

  private SqliteConnection(Connection connection) {
    this.connection = connection;
  }

  static SqliteConnection open(String url) throws SQLException {
    return new SqliteConnection(DriverManager.getConnection(url));
  }

  Rows execute(String statement, Object... parameters) throws SQLException {
    Prepared known = prepare(statement);
    PreparedStatement ready = known.statement;
    ready.clearParameters();
    Object[] values = StoredValues.of(parameters);
    for (int i = 0; i < values.length; i++) {
      ready.setObject(i + 1, values[i]);
    }
    if (!ready.execute()) {
      return new Rows(List.of(), ready.getUpdateCount());
    }
    try (ResultSet answer = ready.getResultSet()) {
      return rows(known, answer);
    }
  }

  private Prepared prepare(String statement) throws SQLException {
    Prepared known = prepared.get(statement);
    if (known != null) {
      return known;
    }
    if (prepared.size() == MAX_PREPARED) {
      Iterator<Prepared> oldest = prepared.values().iterator();
      oldest.next().statement.close();
      oldest.remove();
    }
    Prepared fresh = new Prepared(connection.prepareStatement(SqliteText.of(statement)));
    prepared.put(statement, fresh);
    return fresh;
  }

  private static Rows rows(Prepared known, ResultSet answer) throws SQLException {
    ResultSetMetaData shape = answer.getMetaData();
    int width = shape.getColumnCount();
    Map<String, Integer> columns = known.columns(shape, width);
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
