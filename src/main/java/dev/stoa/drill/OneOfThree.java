package dev.stoa.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One of three instances fails while customers look around and buy, and is well again. */
final class OneOfThree {
  private static final Duration OUT_WITHIN = Duration.ofSeconds(10);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(20);

  private final Stage stage;
  private final Instance victim;
  private final Consumer<Instance> harm;
  private final Consumer<Instance> mend;
  private final boolean withBuyers;

  private OneOfThree(
      Stage stage, Consumer<Instance> harm, Consumer<Instance> mend, boolean withBuyers) {
    this.stage = stage;
    this.victim = stage.sandbox().products().get(1);
    this.harm = harm;
    this.mend = mend;
    this.withBuyers = withBuyers;
  }

  static OneOfThree killed(Stage stage) {
    return new OneOfThree(
        stage,
        Instance::kill,
        victim -> {
          victim.start();
          victim.awaitReady();
        },
        true);
  }

  /**
   * Nobody buys: who stands still amid a write to an embedded database keeps it from the others.
   */
  static OneOfThree frozen(Stage stage) {
    return new OneOfThree(stage, Instance::freeze, Instance::thaw, false);
  }

  List<Verdict> play() {
    Traffic traffic = stage.beginTraffic(withBuyers);
    stage.pass(stage.share(0.25), "all is well");
    long harmed = System.nanoTime();
    harm.accept(victim);
    Optional<Duration> out =
        stage.await(OUT_WITHIN, victim.name() + " fails", () -> stage.isEjected(victim));
    long ejected = System.nanoTime();
    stage.pass(stage.share(0.375), victim.name() + " is left out");
    long mended = System.nanoTime();
    long answered = stage.successes(victim);
    mend.accept(victim);
    Optional<Duration> back =
        stage.await(
            BACK_WITHIN, victim.name() + " is well", () -> stage.successes(victim) > answered);
    stage.pass(stage.share(0.375), victim.name() + " takes part");
    stage.endTraffic();

    List<Samples.Sample> before = traffic.reads().between(0, harmed);
    List<Samples.Sample> during = traffic.reads().between(ejected, mended);
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(
        new Verdict(
            "no read fails, not even at the moment it happens",
            traffic.reads().failed() == 0 && !during.isEmpty(),
            "%d of %d failed".formatted(traffic.reads().failed(), traffic.reads().count())));
    verdicts.add(
        new Verdict(
            "no read fails once the instance is left out",
            out.isPresent() && during.stream().allMatch(Samples.Sample::ok),
            "%d of %d failed, %s (%s before)"
                .formatted(
                    during.stream().filter(s -> !s.ok()).count(),
                    during.size(),
                    Samples.p99(during),
                    Samples.p99(before))));
    verdicts.add(within("the instance is left out", out, OUT_WITHIN));
    verdicts.add(within("it takes part again once it is well", back, BACK_WITHIN));
    if (withBuyers) {
      verdicts.addAll(stage.books().judge(traffic));
    }
    return verdicts;
  }

  static Verdict within(String what, Optional<Duration> time, Duration limit) {
    return new Verdict(
        what + " within " + limit.toSeconds() + " s",
        time.filter(t -> t.compareTo(limit) <= 0).isPresent(),
        Stage.seconds(time));
  }
}
