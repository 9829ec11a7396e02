package dev.stoa.limits;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import java.io.EOFException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to Redis that all requests of this process share, each behind the other without
 * waiting for answers. Few failures in a row, and it is given up, so that no more requests wait for
 * it; it is looked for again at most a second later, and trusted again only when it has answered
 * within the time that a request would wait.
 *
 * <p>Safe on any thread; its state changes on one event loop.
 */
final class RedisLink {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);

  private static final int MAX_IN_FLIGHT = 1_024;
  private static final int MAX_FAILURES = 3;
  private static final int CONNECT_MILLIS = 1_000;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;
  private static final int MAX_DOUBLINGS = 5;
  private static final long STABLE_NANOS = SECONDS.toNanos(10);
  private static final long FRESH_NANOS = SECONDS.toNanos(5);
  private static final Limit PROBE = Limit.perMinute(1_000_000);

  /** A connection that works. */
  private record Line(RedisConnection connection, long sinceNanos, AtomicInteger failures) {}

  private final Vertx vertx;
  private final RedisConfig config;
  private final Context context;
  private volatile Line line;
  private Redis client; // held, because Vert.x closes clients that nobody holds
  private int attempts;
  private boolean toldAway;
  private boolean closed;

  RedisLink(Vertx vertx, RedisConfig config) {
    this.vertx = vertx;
    this.config = config;
    this.context = vertx.getOrCreateContext();
    context.runOnContext(start -> connect());
  }

  RedisConfig config() {
    return config;
  }

  boolean isUp() {
    return line != null;
  }

  /** Whether the connection is so young that Redis may know less than this process does. */
  boolean isFresh() {
    Line now = line;
    return now != null && System.nanoTime() - now.sinceNanos < FRESH_NANOS;
  }

  /** Takes one; fails within {@code redis.timeout}, whatever Redis does. */
  Future<Verdict> take(String key, Limit limit, long aheadMicros) {
    Line now = line;
    if (now == null) {
      return Future.failedFuture("Redis is away");
    }
    return GcraScript.take(now.connection, key, limit, aheadMicros)
        .timeout(config.timeout().toMillis(), MILLISECONDS)
        .onSuccess(verdict -> now.failures.set(0))
        .onFailure(
            failure -> {
              if (now.failures.incrementAndGet() == MAX_FAILURES) {
                context.runOnContext(bad -> lost(now, failure));
              }
            });
  }

  /** Ends it for good. */
  Future<Void> close() {
    Promise<Void> over = Promise.promise();
    context.runOnContext(
        end -> {
          closed = true;
          line = null;
          client.close().onComplete(over);
        });
    return over.future();
  }

  private void connect() {
    if (closed) {
      return;
    }
    Redis trying = Redis.createClient(vertx, options());
    client = trying;
    trying
        .connect()
        .timeout(CONNECT_MILLIS, MILLISECONDS)
        .compose(
            connection ->
                GcraScript.take(connection, SharedLimits.KEYS + "probe", PROBE, 0)
                    .timeout(config.timeout().toMillis(), MILLISECONDS)
                    .map(answered -> connection))
        .onSuccess(this::found)
        .onFailure(this::away);
  }

  private void found(RedisConnection connection) {
    if (closed) {
      return;
    }
    Line found = new Line(connection, System.nanoTime(), new AtomicInteger());
    connection.exceptionHandler(failure -> context.runOnContext(broken -> lost(found, failure)));
    connection.endHandler(
        end -> context.runOnContext(over -> lost(found, new EOFException("it hung up"))));
    line = found;
    toldAway = false;
    LOG.info("limits are counted in Redis at {}", config.address());
  }

  private void lost(Line old, Throwable failure) {
    if (line != old) {
      return;
    }
    line = null;
    if (System.nanoTime() - old.sinceNanos > STABLE_NANOS) {
      attempts = 0;
    }
    away(failure);
  }

  private void away(Throwable failure) {
    if (closed) {
      return;
    }
    // Whoever waits for an answer hears of it at once.
    client.close().onFailure(e -> LOG.debug("a client of Redis did not close", e));
    if (!toldAway) {
      toldAway = true;
      LOG.warn(
          "limits are counted in this process alone: Redis at {}: {}",
          config.address(),
          failure.getMessage());
    }
    long pause = FIRST_PAUSE_MILLIS << Math.min(attempts++, MAX_DOUBLINGS);
    vertx.setTimer(Math.min(pause, LONGEST_PAUSE_MILLIS), again -> connect());
  }

  private RedisOptions options() {
    NetClientOptions net =
        new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpKeepAlive(true);
    config
        .tls()
        .ifPresent(
            tls -> {
              net.setSsl(true).setHostnameVerificationAlgorithm(tls.verifyHost() ? "HTTPS" : "");
              tls.ca().ifPresent(ca -> net.setTrustOptions(new PemTrustOptions().addCertPath(ca)));
            });
    RedisOptions options =
        new RedisOptions()
            .setConnectionString(config.uri())
            .setNetClientOptions(net)
            .setMaxPoolSize(1)
            .setPoolCleanerInterval(-1)
            .setPoolRecycleTimeout(-1)
            .setMaxWaitingHandlers(MAX_IN_FLIGHT);
    config.user().ifPresent(options::setUser);
    config.password().ifPresent(options::setPassword);
    return options;
  }
}
