package dev.stoa.drill;

import java.util.ArrayList;
import java.util.List;

/** What a new version needs: each instance ends in order and is started again, one at a time. */
final class RollingRestart {
  private final Stage stage;

  RollingRestart(Stage stage) {
    this.stage = stage;
  }

  List<Verdict> play() {
    List<Instance> all = stage.sandbox().products();
    Traffic traffic = stage.beginTraffic(true);
    stage.pass(stage.share(0.25), "all is well");
    for (Instance instance : all) {
      instance.terminate();
      instance.start();
      instance.awaitReady();
      stage.pass(stage.share(0.75 / all.size()), instance.name() + " was restarted");
    }
    stage.endTraffic();

    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(
        new Verdict(
            "no read fails",
            traffic.reads().failed() == 0 && traffic.reads().count() > 0,
            "%d of %d failed, %d restarts"
                .formatted(traffic.reads().failed(), traffic.reads().count(), all.size())));
    verdicts.addAll(stage.books().judge(traffic));
    return verdicts;
  }
}
