package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.Directory.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OriginTest {
  private static final long KEEP = 60_000;
  private static final long CONFIRM = 1_000;
  private static final Instant NOW = Instant.EPOCH;

  private final Origin origin =
      new Origin("consul", Duration.ofMillis(KEEP), Duration.ofMillis(CONFIRM), NOW);

  @Test
  void listsWhatTheDirectoryLists() {
    read(0, 1, 2);

    assertEquals(Set.of("1", "2"), fresh());
    assertTrue(origin.status().answering());
  }

  @Test
  void aFewThatGoAreGone() {
    read(0, 1, 2, 3);
    read(1, 1, 2);

    assertEquals(Set.of("1", "2"), fresh());
    assertEquals(Set.of(), stale());
  }

  @Test
  void moreThanHalfGoneIsAskedTwice() {
    read(0, 1, 2, 3);
    read(10, 1);

    assertEquals(Set.of("1"), fresh());
    assertEquals(Set.of("2", "3"), stale());
    assertEquals(10 + CONFIRM, origin.askAgainAtMillis().orElseThrow());

    read(10 + CONFIRM - 1, 1);
    assertEquals(Set.of("2", "3"), stale());
    read(10 + CONFIRM, 1);
    assertEquals(Set.of(), stale());
    assertTrue(origin.askAgainAtMillis().isEmpty());
  }

  @Test
  void theLastOneOfAllIsAskedForTwice() {
    read(0, 1);
    read(1);

    assertEquals(Set.of("1"), stale());
    read(1 + CONFIRM);
    assertEquals(Set.of(), all());
    assertTrue(origin.view().known().contains("s1"));
  }

  @Test
  void theSecondAnswerMayTellThatNothingWasLost() {
    read(0, 1, 2, 3);
    read(1);
    read(2, 1, 2, 3);

    assertEquals(Set.of("1", "2", "3"), fresh());
    assertEquals(Set.of(), stale());
  }

  @Test
  void whatIsAwayStaysStale() {
    read(0, 1, 2);
    origin.away("refused", NOW);

    assertEquals(Set.of("1", "2"), stale());
    assertFalse(origin.status().answering());
    assertEquals("refused", origin.status().failure());
  }

  @Test
  void aRestartForgetsNothingUntilItsTimeIsUp() {
    read(0, 1, 2, 3);
    origin.away("refused", NOW);
    origin.restarted();
    read(10, 1, 2);

    assertEquals(Set.of("3"), stale());
    read(9_000, 1, 2);
    assertEquals(Set.of("3"), stale());
    read(10 + KEEP, 1, 2);
    assertEquals(Set.of(), stale());
  }

  @Test
  void afterARestartWhatComesBackIsFreshAndMayGoAgain() {
    read(0, 1, 2, 3);
    origin.restarted();
    read(1);
    read(2, 1, 2, 3);
    read(3, 1, 2);

    assertEquals(Set.of("1", "2"), fresh());
    assertEquals(Set.of(), stale());
  }

  @Test
  void emptyAfterAFailureIsTakenForARestart() {
    read(0, 1, 2, 3);
    origin.away("refused", NOW);
    read(1);

    assertEquals(Set.of("1", "2", "3"), stale());
    read(1 + 10 * CONFIRM);
    assertEquals(Set.of("1", "2", "3"), stale());
  }

  @Test
  void afterAFailureAlsoAFewThatAreMissingAreAskedForTwice() {
    read(0, 1, 2, 3);
    origin.away("refused", NOW);
    read(10, 1, 2);

    assertEquals(Set.of("3"), stale());
    read(20, 1, 2, 3);
    assertEquals(Set.of("1", "2", "3"), fresh());
    origin.away("refused", NOW);
    read(30, 1, 2);
    read(30 + CONFIRM, 1, 2);
    assertEquals(Set.of(), stale());
  }

  @Test
  void whatIsTakenOverLaterDoesNotReplaceWhatIsKnown() {
    origin.remember(instances(1, 2), Set.of("s9"));
    origin.remember(instances(3), Set.of());

    assertEquals(Set.of("1", "2"), stale());
    assertEquals(Set.of("s1", "s2", "s3", "s9"), origin.view().known());
  }

  @Test
  void whatWasKeptIsStaleUntilTheFirstAnswerAndThenAskedForTwice() {
    origin.remember(instances(1, 2), Set.of());
    assertEquals(Set.of("1", "2"), stale());

    read(0);
    assertEquals(Set.of("1", "2"), stale());
    read(CONFIRM);
    assertEquals(Set.of(), all());
  }

  @Test
  void aServiceThatCannotBeAskedForStaysAsItWas() {
    read(0, 1, 2);
    origin.read(new Reading(instances(1), Set.of(), Set.of("s2")), 1, NOW);

    assertEquals(Set.of("1"), fresh());
    assertEquals(Set.of("2"), stale());
  }

  @Test
  void anotherPortUnderTheSameIdReplaces() {
    read(0, 1);
    origin.read(Reading.of(List.of(new ServiceInstance("1", "s1", "h", 99))), 1, NOW);

    assertEquals(99, origin.view().entries().get(0).instance().port());
    assertEquals(1, origin.view().entries().size());
  }

  private void read(long millis, int... numbers) {
    origin.read(Reading.of(instances(numbers)), millis, NOW);
  }

  private static List<ServiceInstance> instances(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(n -> new ServiceInstance(Integer.toString(n), "s" + n, "h", n))
        .toList();
  }

  private Set<String> fresh() {
    return ids(false);
  }

  private Set<String> stale() {
    return ids(true);
  }

  private Set<String> all() {
    Set<String> all = ids(true);
    all.addAll(ids(false));
    return all;
  }

  private Set<String> ids(boolean stale) {
    Set<String> ids = new TreeSet<>();
    origin.view().entries().stream()
        .filter(entry -> entry.stale() == stale)
        .forEach(entry -> ids.add(entry.instance().id()));
    return ids;
  }
}
