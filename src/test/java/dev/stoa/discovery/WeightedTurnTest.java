package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightedTurnTest {
  private final Turn caller = new Turn();

  @Test
  void givesEachItsShareAndSpreadsThem() {
    WeightedTurn turn = new WeightedTurn(10, 2, 0, 2);

    String twoTurns =
        IntStream.range(0, 14)
            .mapToObj(i -> String.valueOf("abcd".charAt(turn.next(caller))))
            .collect(Collectors.joining());

    assertEquals(10, twoTurns.chars().filter(c -> c == 'a').count());
    assertEquals(2, twoTurns.chars().filter(c -> c == 'b').count());
    assertEquals(2, twoTurns.chars().filter(c -> c == 'd').count());
    assertTrue(!twoTurns.contains("aaaaa"), twoTurns);
  }

  @Test
  void takesAllWhereNoneHasAWeight() {
    WeightedTurn turn = new WeightedTurn(0, 0, 0);

    assertEquals(3, IntStream.range(0, 3).map(i -> turn.next(caller)).distinct().count());
  }

  @Test
  void keepsHugeWeightsApartInATurnOfBoundedLength() {
    WeightedTurn turn = new WeightedTurn(65_535, 65_534, 1);

    int[] picks = new int[3];
    for (int i = 0; i < 40_000; i++) {
      picks[turn.next(caller)]++;
    }

    assertEquals(20_000, picks[0], 200);
    assertEquals(20_000, picks[1], 200);
    assertTrue(picks[2] > 0 && picks[2] < 100, () -> "the least got " + picks[2]);
  }
}
