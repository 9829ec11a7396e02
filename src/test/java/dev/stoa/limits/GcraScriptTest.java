package dev.stoa.limits;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.Eventually;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The script in a real Redis, beside the limiter in memory. */
class GcraScriptTest {
  private static final long START_MICROS = 1_795_557_342_199_123L;

  private static TestRedis server;
  private static Vertx vertx;
  private static Redis client;
  private static RedisConnection redis;

  @BeforeAll
  static void start() {
    server = TestRedis.started();
    vertx = Vertx.vertx();
    client = Redis.createClient(vertx, "redis://127.0.0.1:" + server.port());
    redis = await(client.connect());
  }

  @AfterAll
  static void stop() {
    await(vertx.close());
    server.close();
  }

  @Test
  void givesTheVerdictsThatMemoryGives() {
    // The script itself, but that the clock of the test stands in for the server's. The limits are
    // so slow that nothing vanishes in the meantime.
    String script = GcraScript.TEXT.replace("redis.call('TIME')", "{ARGV[4], ARGV[5]}");
    assertNotEquals(GcraScript.TEXT, script);
    Random random = new Random(20);
    AtomicLong micros = new AtomicLong(START_MICROS);
    RateLimiter memory = new RateLimiter(() -> 1_000 * (micros.get() - START_MICROS), 10_000);

    int refused = 0;
    for (int round = 0; round < 25; round++) {
      Limit limit = new Limit(1 + random.nextInt(600), Duration.ofDays(1), 1 + random.nextInt(30));
      String subject = "subject " + round;
      for (int i = 0; i < 120; i++) {
        Verdict here = memory.take("scope", subject, limit);
        Verdict there = take(script, subject, limit, micros.get());
        assertEquals(here, there, () -> limit + " of " + subject);
        refused += here.allowed() ? 0 : 1;
        micros.addAndGet(step(random, limit, here));
      }
    }
    assertTrue(refused > 200, refused + " were refused");
  }

  /** Mostly little or nothing, now and then to the very microsecond, or far beyond. */
  private static long step(Random random, Limit limit, Verdict last) {
    return switch (random.nextInt(10)) {
      case 0 -> last.retryAfterMicros();
      case 1 -> Math.max(0, last.retryAfterMicros() - 1);
      case 2 -> last.resetMicros();
      case 3 -> random.nextLong(2 * limit.intervalMicros());
      default -> random.nextLong(1 + limit.intervalMicros() / 3);
    };
  }

  private static Verdict take(String script, String subject, Limit limit, long micros) {
    Response answer =
        await(
            redis.send(
                Request.cmd(Command.EVAL)
                    .arg(script)
                    .arg(1)
                    .arg(SharedLimits.key("scope", subject, limit))
                    .arg(limit.intervalMicros())
                    .arg(limit.windowMicros())
                    .arg(0)
                    .arg(micros / 1_000_000)
                    .arg(micros % 1_000_000)));
    return new Verdict(
        answer.get(0).toLong() == 1,
        answer.get(1).toLong(),
        answer.get(2).toLong(),
        answer.get(3).toLong(),
        false);
  }

  @Test
  void keysVanishWhenTheyAreAsGoodAsNew() {
    Limit limit = Limit.parse("10/second").orElseThrow();
    String key = SharedLimits.key("route:x", "user:vanishing", limit);

    Verdict verdict = await(GcraScript.take(redis, key, limit, 0));

    assertEquals(new Verdict(true, 9, 100_000, 0, true), verdict);
    Eventually.within(
        Duration.ofSeconds(10), "vanishes", () -> server.ask("EXISTS " + key).equals(":0"));
  }

  @Test
  void aClockThatWasSetBackLocksNobodyOutForLongerThanTheWindow() {
    Limit limit = Limit.parse("60/minute").orElseThrow();
    server.ask("SET tomorrow " + (1_000 * System.currentTimeMillis() + 86_400_000_000L));

    Verdict verdict = await(GcraScript.take(redis, "tomorrow", limit, 0));

    assertEquals(new Verdict(false, 0, 60_000_000, 1_000_000, true), verdict);
  }

  @Test
  void whatAProcessKnowsIsRememberedEvenOfARefusal() {
    Limit limit = Limit.parse("2/hour").orElseThrow();

    assertFalse(await(GcraScript.take(redis, "known", limit, limit.windowMicros())).allowed());

    assertFalse(await(GcraScript.take(redis, "known", limit, 0)).allowed());
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
