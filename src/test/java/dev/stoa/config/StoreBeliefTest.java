package dev.stoa.config;

import static dev.stoa.config.StoreBelief.Verdict.DOUBTED;
import static dev.stoa.config.StoreBelief.Verdict.KNOWN;
import static dev.stoa.config.StoreBelief.Verdict.LOST;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StoreBeliefTest {
  private final StoreBelief belief = new StoreBelief(Optional.empty());
  private StoreContent heard;

  @Test
  void aChangeIsBelievedOnceItHasStayedTheSameForAMoment() {
    StoreContent half = keys("a");
    StoreContent whole = keys("a", "b");

    assertEquals(DOUBTED, hear(half));
    assertEquals(StoreBelief.SETTLE, belief.patience());
    assertEquals(DOUBTED, hear(whole));

    assertFalse(belief.confirm(half));
    assertEquals(Optional.empty(), belief.believed());
    assertTrue(belief.confirm(whole));
    assertEquals(Optional.of(whole), belief.believed());
    assertEquals(KNOWN, hear(keys("a", "b")));
  }

  @Test
  void theLossOfMostKeysHasToStayTheSameForLonger() {
    believe(keys("a", "b", "c", "d"));

    hear(keys("a", "b"));
    assertEquals(StoreBelief.SETTLE, belief.patience());
    hear(keys("a", "e", "f", "g"));
    assertEquals(StoreBelief.CONFIRM, belief.patience());
    hear(keys());
    assertEquals(StoreBelief.CONFIRM, belief.patience());
  }

  @Test
  void theLossOfAllIsADeletionWhereTheStoreWasWatchedAllAlong() {
    believe(keys("a"));

    assertEquals(DOUBTED, hear(keys()));

    assertTrue(belief.confirm(heard));
    assertEquals(Optional.of(keys()), belief.believed());
  }

  @Test
  void aStoreThatForgotOrWasNotWatchedOrIsAskedByANewProcessHasDeletedNothing() {
    believe(keys("a"));
    assertEquals(LOST, belief.hear(keys(), true, 0));

    believe(keys("a"));
    belief.failed();
    assertEquals(LOST, hear(keys()));
    assertEquals(LOST, hear(keys()), "it does not get truer by being said again");
    assertEquals(Optional.of(keys("a")), belief.believed());

    StoreBelief next = new StoreBelief(belief.believed());
    assertEquals(LOST, next.hear(keys(), false, 0));
  }

  @Test
  void aStoreThatIsFilledAgainIsBelieved() {
    believe(keys("a", "b", "c"));
    belief.failed();
    hear(keys());

    assertEquals(DOUBTED, hear(keys("a")));
    assertEquals(StoreBelief.CONFIRM, belief.patience());
    assertEquals(KNOWN, hear(keys("a", "b", "c")));

    assertFalse(belief.confirm(keys("a")));
    assertEquals(DOUBTED, hear(keys()), "from now on it is watched again");
  }

  @Test
  void aStoreThatChangesAllTheTimeIsNotPutOffForEver() {
    believe(keys("a"));
    long now = 0;
    int changes = 0;
    do {
      belief.hear(keys("a", "b" + ++changes), false, now);
      now += StoreBelief.SETTLE.toNanos() / 2;
    } while (!belief.patience().isZero());

    assertTrue(changes < 50, () -> "after " + belief.patience());
  }

  @Test
  void whatAStoreSaysIsTheSameTextWheneverItIsTheSame() {
    StoreContent content =
        new StoreContent(
            "config/stoa/",
            Map.of("b", Buffer.buffer("ü\n"), "a", Buffer.buffer(new byte[] {-1, 0})));

    Buffer text = content.encode();

    assertEquals(
        "{\"prefix\":\"config/stoa/\",\"values\":{\"a\":{\"base64\":\"/wA=\"},\"b\":\"ü\\n\"}}",
        text.toString());
    assertEquals(content, StoreContent.decode(text));
  }

  private StoreBelief.Verdict hear(StoreContent answer) {
    heard = answer;
    return belief.hear(answer, false, Duration.ofSeconds(1).toNanos());
  }

  private void believe(StoreContent content) {
    if (hear(content) == DOUBTED) {
      assertTrue(belief.confirm(content));
    }
  }

  private static StoreContent keys(String... keys) {
    Map<String, Buffer> values = new TreeMap<>();
    for (String key : keys) {
      values.put(key, Buffer.buffer("1"));
    }
    return new StoreContent("p/", values);
  }
}
