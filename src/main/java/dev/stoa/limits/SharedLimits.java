package dev.stoa.limits;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Limits that hold for all processes that share a Redis, or for this one where none is configured.
 * While Redis is away, or slower than {@code redis.timeout}, this process decides alone: a limit is
 * no reason for an outage. It goes on from what Redis said last, and when Redis is back, tells it
 * what it has counted since, even to one that lost its memory. Safe on any thread.
 */
public final class SharedLimits {
  /** What all keys in Redis begin with. */
  static final String KEYS = "stoa:limit:";

  private static final int KEY_BYTES = 18;

  private final RateLimiter local;
  private volatile RedisLink link;

  /** Counts in this process until {@link #configure} names a Redis. */
  public SharedLimits(RateLimiter local) {
    this.local = local;
  }

  /** Counts there from now on, or here; the same as before changes nothing. */
  public synchronized Future<Void> configure(Vertx vertx, Optional<RedisConfig> config) {
    RedisLink old = link;
    if (Optional.ofNullable(old).map(RedisLink::config).equals(config)) {
      return Future.succeededFuture();
    }
    link = config.map(there -> new RedisLink(vertx, there)).orElse(null);
    return old == null ? Future.succeededFuture() : old.close();
  }

  /**
   * Lets one pass, or not; a refused attempt costs nothing. Never fails, and is decided at once
   * where this process counts.
   *
   * @param scope what is limited, a route's name
   * @param subject who is limited, a user or an address
   */
  public Future<Verdict> take(String scope, String subject, Limit limit) {
    RedisLink shared = link;
    if (shared == null || !shared.isUp()) {
      return Future.succeededFuture(takeHere(scope, subject, limit));
    }
    long asked = local.now();
    long ahead = shared.isFresh() ? local.ahead(scope, subject, limit) : 0;
    return shared
        .take(key(scope, subject, limit), limit, ahead)
        .map(
            verdict -> {
              // From when it was asked: rather too early than later with each request.
              local.know(scope, subject, limit, asked + verdict.resetMicros());
              return verdict;
            })
        .otherwise(away -> takeHere(scope, subject, limit));
  }

  /** The same as this process alone has counted. */
  public Verdict takeHere(String scope, String subject, Limit limit) {
    return local.take(scope, subject, limit);
  }

  /** What {@link #take} would say, as far as this process knows, without taking anything. */
  public Verdict look(String scope, String subject, Limit limit) {
    return local.look(scope, subject, limit);
  }

  /**
   * Who has used most of their limit as far as this process knows, the most first. Looks at every
   * key: may take some milliseconds.
   */
  public List<Usage> busiest(int most) {
    return local.busiest(most);
  }

  /** How many keys this process counts. */
  public int keys() {
    return local.keys();
  }

  /** Whether limits hold for all processes that share a Redis. */
  public boolean isShared() {
    return link != null;
  }

  /** Whether there is a Redis that does not answer. */
  public boolean isAway() {
    RedisLink shared = link;
    return shared != null && !shared.isUp();
  }

  /** Lets go of Redis. */
  public synchronized Future<Void> close() {
    RedisLink old = link;
    link = null;
    return old == null ? Future.succeededFuture() : old.close();
  }

  /**
   * A digest, of the limit, too, as in memory: whatever is in the names, keys are short and say
   * nothing about anybody.
   */
  static String key(String scope, String subject, Limit limit) {
    String all =
        limit.count() + "/" + limit.period() + "/" + limit.burst() + "\0" + scope + "\0" + subject;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
      byte[] enough = Arrays.copyOf(digest, KEY_BYTES);
      return KEYS + Base64.getUrlEncoder().withoutPadding().encodeToString(enough);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java has it
    }
  }
}
