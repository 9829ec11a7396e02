package dev.stoa.limits;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The arithmetic of {@link RateLimiter#take} in Redis: one step that nothing can come between, by
 * the clock of the server. All numbers are whole microseconds below 2⁵³, which Lua's doubles hold
 * exactly. A key vanishes as soon as it is as good as new.
 */
final class GcraScript {
  static final String TEXT =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000000 + time[2]
      local interval, window, ahead = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
      local stored = tonumber(redis.call('GET', KEYS[1]) or 0)
      local function store(arrival)
        local millis = math.ceil((arrival - now) / 1000)
        redis.call('SET', KEYS[1], string.format('%.0f', arrival), 'PX', string.format('%.0f', millis))
      end
      -- Never beyond the window, so that a clock that was set back locks nobody out for longer.
      local arrival = math.min(math.max(stored, now + ahead), now + window)
      local after = arrival + interval
      local excess = after - now - window
      if excess > 0 then
        if arrival > stored then store(arrival) end
        return {0, 0, arrival - now, excess}
      end
      store(after)
      return {1, math.floor(-excess / interval), after - now, 0}
      """;

  private static final String DIGEST = sha1(TEXT);

  private GcraScript() {}

  /**
   * Takes one, and sends the script's text where the server does not know it (any more).
   *
   * @param aheadMicros how far the key is from new at least, whatever the server knows
   */
  static Future<Verdict> take(
      RedisConnection connection, String key, Limit limit, long aheadMicros) {
    return connection
        .send(arguments(Request.cmd(Command.EVALSHA).arg(DIGEST), key, limit, aheadMicros))
        .recover(
            failure ->
                isUnknown(failure)
                    ? teach(connection, key, limit, aheadMicros)
                    : Future.failedFuture(failure))
        .map(GcraScript::verdict);
  }

  private static Future<Response> teach(
      RedisConnection connection, String key, Limit limit, long aheadMicros) {
    return connection.send(arguments(Request.cmd(Command.EVAL).arg(TEXT), key, limit, aheadMicros));
  }

  private static Request arguments(Request call, String key, Limit limit, long aheadMicros) {
    return call.arg(1)
        .arg(key)
        .arg(limit.intervalMicros())
        .arg(limit.windowMicros())
        .arg(aheadMicros);
  }

  private static boolean isUnknown(Throwable failure) {
    return failure.getMessage() != null && failure.getMessage().startsWith("NOSCRIPT");
  }

  private static Verdict verdict(Response answer) {
    return new Verdict(
        answer.get(0).toLong() == 1,
        answer.get(1).toLong(),
        answer.get(2).toLong(),
        answer.get(3).toLong(),
        true);
  }

  private static String sha1(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java has it
    }
  }
}
