package dev.stoa.resilience;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One opening: calls are refused, then one is let through as a probe, whose outcome ends the phase.
 * The library keeps the time, also that of the probe, lest a lost one holds the door for ever.
 */
final class OpenPhase implements BreakerPhase {
  private final Breaker breaker;
  private final CircuitBreaker library;
  private final int opening;
  private final long recoversAt;
  private final AtomicBoolean probing = new AtomicBoolean();
  private volatile BreakerState state;
  private volatile Instant since = Instant.now();
  private volatile boolean ready;

  /**
   * For the breaker's context.
   *
   * @param opening which one in a row, from 1 on
   * @param soon whether a probe may come at once, since nothing was learnt from the one before or
   *     something speaks for the upstream
   */
  OpenPhase(Breaker breaker, int opening, boolean soon) {
    BreakerConfig config = breaker.config();
    Duration openTime = soon ? Duration.ofMillis(1) : config.openTime(opening);
    this.breaker = breaker;
    this.opening = opening;
    this.recoversAt = System.nanoTime() + openTime.toNanos();
    this.state = soon ? BreakerState.HALF_OPEN : BreakerState.OPEN;
    this.library =
        CircuitBreaker.create(
            breaker.name(),
            breaker.vertx(),
            new CircuitBreakerOptions()
                .setMaxFailures(1)
                .setTimeout(config.probeTimeout().toMillis())
                .setResetTimeout(openTime.toMillis()));
    library.halfOpenHandler(v -> breaker.context().runOnContext(x -> halfOpen()));
    library.closeHandler(
        v -> breaker.context().runOnContext(x -> breaker.advance(this, new ClosedPhase(breaker))));
    library.open();
    library.openHandler(v -> breaker.context().runOnContext(x -> reopen()));
  }

  private void halfOpen() {
    ready = true;
    if (state == BreakerState.OPEN) {
      since = Instant.now();
      state = BreakerState.HALF_OPEN;
      breaker.changed(this, BreakerState.OPEN, BreakerState.HALF_OPEN);
    }
  }

  private void reopen() {
    breaker.advance(this, new OpenPhase(breaker, opening + 1, false));
  }

  @Override
  public Optional<Breaker.Permit> acquire() {
    if (refuses() || !probing.compareAndSet(false, true)) {
      return Optional.empty();
    }
    Probe probe = new Probe();
    // Its result is told by the handlers above.
    breaker.context().runOnContext(v -> library.execute(probe.outcome::future));
    return Optional.of(probe);
  }

  @Override
  public boolean refuses() {
    return !ready || probing.get();
  }

  @Override
  public void tryNow() {
    if (state == BreakerState.OPEN) {
      breaker.advance(this, new OpenPhase(breaker, opening, true));
    }
  }

  @Override
  public BreakerState state() {
    return state;
  }

  @Override
  public Instant since() {
    return since;
  }

  @Override
  public long failures() {
    return 0;
  }

  @Override
  public Duration openFor() {
    return state == BreakerState.OPEN
        ? Duration.ofNanos(Math.max(0, recoversAt - System.nanoTime()))
        : Duration.ZERO;
  }

  /** Leave for the one call that finds out. */
  private final class Probe implements Breaker.Permit {
    final Promise<Void> outcome = Promise.promise();

    @Override
    public boolean isGoodForAnother() {
      return breaker.isIn(OpenPhase.this) && !outcome.future().isComplete();
    }

    @Override
    public void succeeded() {
      outcome.tryComplete();
    }

    @Override
    public void failed() {
      outcome.tryFail("the probe failed");
    }

    @Override
    public void failedAgain() {
      failed();
    }

    @Override
    public void ignored() {
      breaker
          .context()
          .runOnContext(
              v -> breaker.advance(OpenPhase.this, new OpenPhase(breaker, opening, true)));
    }
  }
}
