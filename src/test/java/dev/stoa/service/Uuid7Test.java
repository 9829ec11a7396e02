package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class Uuid7Test {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");

  @Test
  void carriesTimeVersionAndVariant() {
    UUID id = UUID.fromString(new Uuid7(Clock.fixed(NOW, ZoneOffset.UTC)).next());

    assertEquals(7, id.version());
    assertEquals(2, id.variant());
    assertEquals(NOW.toEpochMilli(), id.getMostSignificantBits() >>> 16);
  }

  @Test
  void growsBeyondTheCounterWithinOneMillisecond() {
    Uuid7 ids = new Uuid7(Clock.fixed(NOW, ZoneOffset.UTC));

    String previous = ids.next();
    for (int i = 0; i < 10_000; i++) {
      String next = ids.next();
      assertTrue(previous.compareTo(next) < 0, previous + " < " + next);
      previous = next;
    }
  }

  @Test
  void isUniqueAcrossThreads() {
    Uuid7 ids = new Uuid7(Clock.systemUTC());
    Set<String> seen = ConcurrentHashMap.newKeySet();

    IntStream.range(0, 50_000).parallel().forEach(i -> seen.add(ids.next()));

    assertEquals(50_000, seen.size());
  }
}
