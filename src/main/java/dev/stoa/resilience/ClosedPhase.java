package dev.stoa.resilience;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Calls pass and failures in a row are counted. Is itself the leave of all its calls. The library
 * hears of failures, and of the first success after one; it has no timer here.
 */
final class ClosedPhase implements BreakerPhase, Breaker.Permit {
  private static final int NEVER = -1;
  private static final Future<Void> FAILURE = Future.failedFuture("a call failed");

  private final Breaker breaker;
  private final Optional<Breaker.Permit> leave = Optional.of(this);
  private final Instant since = Instant.now();
  private volatile CircuitBreaker library;
  private volatile boolean counting;

  ClosedPhase(Breaker breaker) {
    this.breaker = breaker;
    this.library = counter();
  }

  private CircuitBreaker counter() {
    CircuitBreaker counter =
        CircuitBreaker.create(
            breaker.name(),
            breaker.vertx(),
            new CircuitBreakerOptions()
                .setMaxFailures(breaker.config().failureThreshold())
                .setFailuresRollingWindow(breaker.config().window().toMillis())
                .setTimeout(NEVER)
                .setResetTimeout(NEVER));
    // The library calls its handlers under its lock.
    return counter.openHandler(
        v ->
            breaker
                .context()
                .runOnContext(x -> breaker.advance(this, new OpenPhase(breaker, 1, false))));
  }

  /**
   * A counter of the library is made for one threshold, so another takes over what this one has
   * counted, as if it had just happened.
   */
  @Override
  public void configure() {
    breaker.context().runOnContext(v -> recount());
  }

  private void recount() {
    CircuitBreaker next = counter();
    long counted = Math.min(library.failureCount(), breaker.config().failureThreshold() - 1L);
    for (long i = 0; i < counted; i++) {
      next.execute(() -> FAILURE);
    }
    library = next;
  }

  @Override
  public Optional<Breaker.Permit> acquire() {
    return leave;
  }

  @Override
  public boolean refuses() {
    return false;
  }

  @Override
  public void succeeded() {
    if (counting) {
      breaker
          .context()
          .runOnContext(
              v -> {
                counting = false;
                library.reset();
              });
    }
  }

  @Override
  public void failed() {
    // Marked when it is counted: a success between would clear the mark and not the count.
    breaker
        .context()
        .runOnContext(v -> library.execute(() -> FAILURE).onComplete(done -> counting = true));
  }

  @Override
  public BreakerState state() {
    return BreakerState.CLOSED;
  }

  @Override
  public Instant since() {
    return since;
  }

  @Override
  public long failures() {
    return library.failureCount();
  }

  @Override
  public Duration openFor() {
    return Duration.ZERO;
  }
}
