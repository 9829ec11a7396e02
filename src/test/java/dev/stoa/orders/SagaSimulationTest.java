package dev.stoa.orders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.stoa.sim.Mutation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Many lives of a shop under faults. {@code -Dsaga.seeds=100000} lives so many; {@code
 * -Dsaga.seed=N} lives that one. A seed that fails prints its history.
 */
class SagaSimulationTest {
  private static final long SEEDS = Long.getLong("saga.seeds", 100_000);
  private static final long MUTATION_SEEDS = 5_000;

  // What goes wrong here goes wrong on purpose, millions of times.
  @BeforeAll
  static void beQuiet() {
    log(Level.OFF);
  }

  @AfterAll
  static void beHeardAgain() {
    log(null);
  }

  private static void log(Level level) {
    for (Class<?> part : List.of(OrderFlow.class, OrderSweep.class)) {
      ((Logger) LoggerFactory.getLogger(part)).setLevel(level);
    }
    ((Logger) LoggerFactory.getLogger("dev.stoa.payments")).setLevel(level);
  }

  @Test
  void noSeedBreaksAPromise() {
    Long only = Long.getLong("saga.seed");
    long first = only == null ? 0 : only;
    long last = only == null ? SEEDS : only + 1;

    for (long seed = first; seed < last; seed++) {
      Optional<String> violation = new SagaSimulation(seed, null, only != null).run();
      if (violation.isPresent()) {
        fail(replay(seed));
      }
    }
  }

  private static String replay(long seed) {
    SagaSimulation again = new SagaSimulation(seed, null, true);
    Optional<String> violation = again.run();
    return "seed "
        + seed
        + " (replay with -Dsaga.seed="
        + seed
        + "): "
        + violation.orElse("not so the second time")
        + "\n"
        + String.join("\n", again.history());
  }

  @Test
  void theSameSeedIsTheSameLife() {
    for (long seed = 0; seed < 20; seed++) {
      SagaSimulation one = new SagaSimulation(seed, null, true);
      SagaSimulation other = new SagaSimulation(seed, null, true);
      one.run();
      other.run();

      assertEquals(one.history(), other.history());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyMistakeIsNoticed(Mutation mutation) {
    long seed = 0;
    while (seed < MUTATION_SEEDS && new SagaSimulation(seed, mutation, false).run().isEmpty()) {
      seed++;
    }

    assertTrue(seed < MUTATION_SEEDS, mutation + " went unnoticed");
  }
}
