package dev.stoa.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void onlyWhoComesLateSharesALane() throws InterruptedException {
    Lanes lanes = new Lanes(4);

    List<Integer> taken = taken(lanes, 7);

    assertEquals(5, lanes.count());
    assertEquals(List.of(0, 1, 2, 3, 4, 4, 4), taken);
  }

  @Test
  void ofMoreEventLoopsThanLanesNotAllMeetInOne() throws InterruptedException {
    Lanes lanes = new Lanes(64);

    List<Integer> taken = taken(lanes, 26);

    assertEquals(16, lanes.count());
    List<Integer> expected = new ArrayList<>(IntStream.range(0, 16).boxed().toList());
    expected.addAll(IntStream.range(8, 16).boxed().toList());
    expected.addAll(List.of(8, 9));
    assertEquals(expected, taken);
  }

  private static List<Integer> taken(Lanes lanes, int threads) throws InterruptedException {
    List<Integer> taken = Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < threads; i++) {
      Thread thread = new Thread(() -> taken.add(lanes.mine()));
      thread.start();
      thread.join();
    }
    return taken;
  }
}
