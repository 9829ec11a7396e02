package dev.stoa.persistence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private final Parameters given = new Parameters();

  @Test
  void namesEachValueByItsPlace() {
    String statement =
        "UPDATE keys SET until = "
            + given.add(7)
            + " WHERE id IN "
            + given.addAll(List.of("a", "b"));

    assertEquals("UPDATE keys SET until = $1 WHERE id IN ($2, $3)", statement);
    assertArrayEquals(new Object[] {7, "a", "b"}, given.values());
  }

  @Test
  void hasPlacesForNullsAsForOthers() {
    assertEquals("($1, $2)", given.addAll(Arrays.asList(null, "b")));

    assertArrayEquals(new Object[] {null, "b"}, given.values());
  }

  @Test
  void numbersRowsThrough() {
    assertEquals("($1, $2), ($3, $4)", given.addRows(List.of(List.of(1, 2), List.of(3, 4))));
  }
}
