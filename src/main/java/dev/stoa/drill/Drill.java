package dev.stoa.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a {@link DrillPlan}: starts the sandbox, plays each scenario in it and tells which promises
 * were kept. For one thread, which it blocks; {@link #close} may come from another, ends what runs
 * and removes the sandbox.
 */
public final class Drill implements AutoCloseable {
  private final DrillPlan plan;
  private final DrillProgress progress;
  private final Sandbox sandbox;

  public Drill(DrillPlan plan, DrillProgress progress) {
    this.plan = plan;
    this.progress = progress;
    this.sandbox = new Sandbox(plan);
  }

  /**
   * All scenarios of the plan, one after the other.
   *
   * @throws DrillFailure where nothing can be said about the promises, because the sandbox does not
   *     start
   */
  public DrillReport run() {
    long began = System.nanoTime();
    progress.phase("starting a gateway, orders and " + Sandbox.PRODUCTS + " product instances");
    sandbox.start();
    Stage stage = Stage.in(sandbox, progress, plan.load());
    List<DrillReport.Played> played = new ArrayList<>();
    for (DrillScenario scenario : plan.scenarios()) {
      progress.phase(scenario + ": " + scenario.story());
      played.add(new DrillReport.Played(scenario, play(scenario, stage)));
    }
    return new DrillReport(played, Duration.ofNanos(System.nanoTime() - began));
  }

  private static List<Verdict> play(DrillScenario scenario, Stage stage) {
    return switch (scenario) {
      case KILL -> OneOfThree.killed(stage).play();
      case SLOW -> OneOfThree.frozen(stage).play();
      case OUTAGE -> new Outage(stage).play();
      case RESTART -> new RollingRestart(stage).play();
      case CRASH -> new OrdersCrash(stage).play();
    };
  }

  @Override
  public void close() {
    sandbox.close();
  }
}
