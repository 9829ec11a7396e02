package dev.stoa.payments;

import dev.stoa.config.ConfigReader;
import java.time.Duration;

/**
 * What an operator sets about payments: section {@code payments}. Reloadable, but for the provider.
 *
 * @param successRate the share of charges that the simulated provider approves, 0..1
 * @param seed decides, with a charge's key, which ones those are
 * @param sweepInterval the pause between two looks for payments that nobody attends to
 */
public record PaymentsConfig(
    Provider provider, double successRate, int seed, Duration sweepInterval) {

  /** Who takes the money. */
  public enum Provider {
    SIMULATED
  }

  public static PaymentsConfig from(ConfigReader root) {
    ConfigReader own = root.section("payments");
    return new PaymentsConfig(
        own.oneOf("provider", Provider.class, Provider.SIMULATED),
        own.decimal("success_rate", 0.9, 0, 1),
        own.integer("seed", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
        own.duration("sweep_interval", Duration.ofSeconds(1)));
  }
}
