package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateLogTest {
  private final StateLog log = new StateLog();
  private final List<StateLog.Entry> heard = new ArrayList<>();

  @Test
  void whoeverComesLaterHearsWhatIsKeptAndThenEachNewOne() {
    add("a");
    add("b");

    Runnable end = log.follow(null, heard::add);
    add("c");
    end.run();
    add("d");

    assertEquals(List.of("a", "b", "c"), subjects());
  }

  @Test
  void whoeverComesBackHearsOnlyWhatCameSince() {
    log.follow(null, heard::add).run();
    add("a");
    log.follow(null, heard::add).run();
    String seen = heard.get(0).id();
    add("b");

    heard.clear();
    log.follow(seen, heard::add);

    assertEquals(List.of("b"), subjects());
  }

  @Test
  void idsOfAnotherProcessAndNonsenseMeanEverything() {
    add("a");

    for (String id : List.of("", "0-1", "x", "-", heardId() + "0x", "18f3-99999999999999999999")) {
      heard.clear();
      log.follow(id, heard::add).run();
      assertEquals(List.of("a"), subjects(), id);
    }
  }

  @Test
  void keepsNoMoreThanItMay() {
    for (int i = 0; i < 2 * StateLog.KEPT; i++) {
      add("s" + i);
    }

    log.follow(null, heard::add);

    assertEquals(StateLog.KEPT, heard.size());
    assertEquals("s" + StateLog.KEPT, subjects().get(0));
  }

  private String heardId() {
    List<StateLog.Entry> entries = new ArrayList<>();
    log.follow(null, entries::add).run();
    return entries.get(0).id();
  }

  private List<String> subjects() {
    return heard.stream().map(entry -> entry.change().subject()).toList();
  }

  private void add(String subject) {
    log.add(new StateChange(Instant.EPOCH, "node", "instance", subject, "", "up", ""));
  }
}
