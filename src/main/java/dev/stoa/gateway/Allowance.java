package dev.stoa.gateway;

import dev.stoa.limits.Limit;
import dev.stoa.limits.Verdict;
import dev.stoa.observability.LimitMeter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.concurrent.TimeUnit;

/**
 * A limit with what it is counted under and how clients are told of it, in the fields of {@code
 * draft-ietf-httpapi-ratelimit-headers}. What the draft calls quota is the burst, and its window
 * the time in which a whole burst refills: the two numbers that are true of a GCRA. Made once for a
 * route. Safe on any thread.
 */
final class Allowance {
  private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
  private static final CharSequence LEFT = HttpHeaders.createOptimized("RateLimit");

  private final String scope;
  private final String policy;
  private final Limit limit;
  private final CharSequence quota;
  private final String left;
  private LimitMeter.Row row; // looked up with the first request; any thread finds the same

  /**
   * Of a limit.
   *
   * @param scope one of a bounded number of names
   * @param policy the name that clients are told
   */
  Allowance(String scope, String policy, Limit limit) {
    this.scope = scope;
    this.policy = policy;
    this.limit = limit;
    String name = '"' + policy + '"';
    this.quota =
        HttpHeaders.createOptimized(
            name + ";q=" + limit.burst() + ";w=" + ceilSeconds(limit.windowMicros()));
    this.left = name + ";r=";
  }

  String scope() {
    return scope;
  }

  String policy() {
    return policy;
  }

  Limit limit() {
    return limit;
  }

  /** Where it is counted what the limit decides. */
  LimitMeter.Row row(LimitMeter meter) {
    LimitMeter.Row known = row;
    if (known == null) {
      known = meter.row(scope);
      row = known;
    }
    return known;
  }

  /** The same where it has been looked up; else null. */
  LimitMeter.Row row() {
    return row;
  }

  /** Tells a client what is left. */
  void tell(Verdict verdict, MultiMap response) {
    response.set(POLICY, quota);
    response.set(LEFT, left + verdict.remaining() + ";t=" + ceilSeconds(verdict.resetMicros()));
  }

  /** Microseconds as whole seconds, rounded up. */
  static long ceilSeconds(long micros) {
    return -Math.floorDiv(-micros, TimeUnit.SECONDS.toMicros(1));
  }
}
