package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NestingTest {

  @Test
  void findsTheSameAsHoldingEachAgainstEach() {
    Random random = new Random(7);
    int found = 0;
    for (int table = 0; table < 200; table++) {
      Nesting<PathPattern> nesting = new Nesting<>();
      List<PathPattern> before = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        PathPattern pattern = pattern(random);
        List<PathPattern> expected =
            before.stream().filter(other -> nested(pattern, other)).toList();

        assertEquals(expected, nesting.with(pattern), () -> pattern + " among " + before);
        found += expected.size();
        before.add(pattern);
        nesting.add(pattern, pattern);
      }
    }
    assertTrue(found > 1_000, "there was something to find");
  }

  private static PathPattern pattern(Random random) {
    String path =
        IntStream.range(0, random.nextInt(5))
            .mapToObj(i -> "/" + "a".repeat(random.nextInt(3)) + "ab".charAt(random.nextInt(2)))
            .collect(Collectors.joining());
    boolean prefix = path.isEmpty() || random.nextBoolean();
    return new PathPattern(prefix || random.nextInt(4) > 0 ? path : path + "/", prefix);
  }

  private static boolean nested(PathPattern one, PathPattern other) {
    boolean oneIsLonger = one.path().length() > other.path().length();
    PathPattern inner = oneIsLonger ? one : other;
    PathPattern outer = oneIsLonger ? other : one;
    return outer.prefix()
        && !inner.path().equals(outer.path())
        && PathPattern.isBelow(inner.path(), outer.path());
  }
}
