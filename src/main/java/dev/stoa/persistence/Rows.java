package dev.stoa.persistence;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a statement answered.
 *
 * @param rows those it read, or named by {@code RETURNING}
 * @param changed how many rows it inserted, updated or deleted; meaningless with {@code RETURNING}
 */
public record Rows(List<Row> rows, int changed) {
  public Rows {
    rows = List.copyOf(rows);
  }

  public <T> List<T> map(Function<Row, T> mapper) {
    return rows.stream().map(mapper).toList();
  }

  public <T> Optional<T> first(Function<Row, T> mapper) {
    return rows.stream().findFirst().map(mapper);
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }
}
