package dev.stoa.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What keeps the orders and the payments is killed amid its work, twice. */
final class OrdersCrash {
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);
  private static final int CRASHES = 2;

  private final Stage stage;

  OrdersCrash(Stage stage) {
    this.stage = stage;
  }

  List<Verdict> play() {
    Instance victim = stage.sandbox().orders();
    Traffic traffic = stage.beginTraffic(true);
    List<Verdict> verdicts = new ArrayList<>();
    for (int i = 1; i <= CRASHES; i++) {
      stage.pass(stage.share(0.3), "customers order and pay");
      victim.kill();
      long killed = System.nanoTime();
      victim.start();
      Optional<Duration> back =
          stage
              .until(BACK_WITHIN, "orders come back", stage::readOrders)
              .map(found -> Duration.ofNanos(System.nanoTime() - killed));
      verdicts.add(OneOfThree.within("crash " + i + ": orders answer again", back, BACK_WITHIN));
    }
    stage.pass(stage.share(0.4), "customers order and pay");
    stage.endTraffic();

    verdicts.addAll(stage.books().judge(traffic));
    return verdicts;
  }
}
