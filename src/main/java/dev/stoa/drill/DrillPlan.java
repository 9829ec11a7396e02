package dev.stoa.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is to be drilled.
 *
 * @param load how long requests flow in each scenario, at least
 * @param command that starts a Stoa when its options are put behind it
 * @param folder of the sandbox: empty, and removed at the end
 * @param overrides of the sandbox's configuration, by key
 */
public record DrillPlan(
    List<DrillScenario> scenarios,
    Duration load,
    List<String> command,
    Path folder,
    Map<String, String> overrides) {

  /** Shorter than that nothing can be told from what is measured. */
  public static final Duration SHORTEST = Duration.ofSeconds(3);

  public DrillPlan {
    scenarios = List.copyOf(scenarios);
    command = List.copyOf(command);
    overrides = Map.copyOf(overrides);
    if (load.compareTo(SHORTEST) < 0) {
      throw new IllegalArgumentException("load has to flow for " + SHORTEST.toSeconds() + " s");
    }
  }
}
