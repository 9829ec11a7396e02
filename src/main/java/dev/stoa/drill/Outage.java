package dev.stoa.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * No instance is left: callers are refused at once and told when to come back; then all is well.
 */
final class Outage {
  private static final Duration OPEN_WITHIN = Duration.ofSeconds(10);
  private static final Duration WELL_WITHIN = Duration.ofSeconds(20);
  private static final double QUICK_MILLIS = 250;

  private final Stage stage;

  Outage(Stage stage) {
    this.stage = stage;
  }

  List<Verdict> play() {
    List<Instance> all = stage.sandbox().products();
    Traffic traffic = stage.beginTraffic(true);
    stage.pass(stage.share(0.25), "all is well");
    all.forEach(Instance::kill);
    Optional<Duration> open =
        stage.await(OPEN_WITHIN, "nobody answers", () -> stage.breaker().equals("open"));
    long opened = System.nanoTime();
    stage.pass(stage.share(0.25), "the breaker is open");
    long mended = System.nanoTime();
    all.forEach(Instance::start);
    all.forEach(Instance::awaitReady);
    Optional<Duration> well = stage.until(WELL_WITHIN, "the instances are back", stage::read);
    Optional<Duration> closed =
        stage.await(WELL_WITHIN, "the breaker closes", () -> stage.breaker().equals("closed"));
    long healed = System.nanoTime();
    stage.pass(stage.share(0.5), "all is well again");
    stage.endTraffic();

    List<Samples.Sample> failed =
        traffic.reads().between(opened, mended).stream().filter(s -> !s.ok()).toList();
    List<Samples.Sample> refused = failed.stream().filter(s -> s.status() == 503).toList();
    // Each second one may try whether somebody is back.
    long trials = 2 + Duration.ofNanos(mended - opened).toSeconds();
    List<Samples.Sample> after = traffic.reads().between(healed, Long.MAX_VALUE);
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.add(OneOfThree.within("the breaker opens", open, OPEN_WITHIN));
    verdicts.add(
        new Verdict(
            "who is refused hears it at once, and when to come back",
            Samples.percentileMillis(refused, 0.95) < QUICK_MILLIS
                && !refused.isEmpty()
                && refused.stream().allMatch(Samples.Sample::toldWhen)
                && failed.size() - refused.size() <= trials,
            "%d refused, %s, %d with Retry-After; %d went to find out"
                .formatted(
                    refused.size(),
                    Samples.p99(refused),
                    refused.stream().filter(Samples.Sample::toldWhen).count(),
                    failed.size() - refused.size())));
    verdicts.add(OneOfThree.within("reads succeed after the return", well, WELL_WITHIN));
    verdicts.add(OneOfThree.within("the breaker closes", closed, WELL_WITHIN));
    verdicts.add(
        new Verdict(
            "no read fails from then on",
            after.stream().allMatch(Samples.Sample::ok) && !after.isEmpty(),
            "%d of %d failed"
                .formatted(after.stream().filter(s -> !s.ok()).count(), after.size())));
    verdicts.addAll(stage.books().judge(traffic));
    return verdicts;
  }
}
