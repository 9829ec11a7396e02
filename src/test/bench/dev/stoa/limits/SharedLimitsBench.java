package dev.stoa.limits;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.stoa.e2e.Eventually;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How many limits a second one connection to Redis decides, with so many under way at once. */
class SharedLimitsBench {
  private static final Logger LOG = LoggerFactory.getLogger(SharedLimitsBench.class);
  private static final Limit LIMIT = Limit.parse("1000000/second").orElseThrow();
  private static final int COUNT = 300_000;

  @Test
  void verdictsPerSecond() throws Exception {
    Vertx vertx = Vertx.vertx();
    SharedLimits limits = new SharedLimits(new RateLimiter());
    try (TestRedis redis = TestRedis.started()) {
      RedisConfig config =
          new RedisConfig(
              "127.0.0.1",
              redis.port(),
              0,
              Optional.empty(),
              Optional.empty(),
              Duration.ofSeconds(5),
              Optional.empty());
      limits.configure(vertx, Optional.of(config));
      Eventually.within(Duration.ofSeconds(10), "there", () -> !limits.isAway());
      for (int concurrency : new int[] {64, 1, 8, 64, 256}) {
        long start = System.nanoTime();
        run(vertx, limits, concurrency);
        double seconds = (System.nanoTime() - start) / 1e9;
        LOG.info("{} at once: {} verdicts/s", concurrency, Math.round(COUNT / seconds));
      }
      assertFalse(limits.isAway());
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().get(20, SECONDS);
    }
  }

  private static void run(Vertx vertx, SharedLimits limits, int concurrency) throws Exception {
    Promise<Void> over = Promise.promise();
    vertx.runOnContext(
        start -> {
          int[] open = {concurrency};
          for (int i = 0; i < concurrency; i++) {
            next(limits, COUNT / concurrency, open, over);
          }
        });
    over.future().toCompletionStage().toCompletableFuture().get(120, SECONDS);
  }

  private static void next(SharedLimits limits, int left, int[] open, Promise<Void> over) {
    if (left == 0) {
      if (--open[0] == 0) {
        over.complete();
      }
      return;
    }
    limits
        .take("bench", "subject" + left % 1_000, LIMIT)
        .onComplete(verdict -> next(limits, left - 1, open, over));
  }
}
