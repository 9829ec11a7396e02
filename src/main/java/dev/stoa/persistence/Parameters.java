package dev.stoa.persistence;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The parameters of a statement that is put together piece by piece: each value is given a place,
 * {@code $1, $2, …}, and its piece of the statement names that. For one statement and one thread.
 */
public final class Parameters {
  private final List<Object> values = new ArrayList<>();

  /** The place of one more value: {@code $3}. */
  public String add(Object value) {
    values.add(value);
    return "$" + values.size();
  }

  /** The places of several, as a row or as what {@code IN} is to look through: {@code ($3, $4)}. */
  public String addAll(Collection<?> several) {
    return several.stream().map(this::add).collect(Collectors.joining(", ", "(", ")"));
  }

  /** The places of several rows to be inserted: {@code ($3, $4), ($5, $6)}. */
  public String addRows(List<? extends Collection<?>> rows) {
    return rows.stream().map(this::addAll).collect(Collectors.joining(", "));
  }

  /** All values, for {@link Sql#run}. */
  public Object[] values() {
    return values.toArray();
  }
}
