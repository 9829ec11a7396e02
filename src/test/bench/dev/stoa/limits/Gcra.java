package dev.stoa.limits;

import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A verdict of the rate limiter, in memory, for so many users in turn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Gcra {
  private static final int MOST = 16_384;
  private static final Limit LIMIT = Limit.parse("1000000/second").orElseThrow();
  private static final String[] USERS =
      IntStream.range(0, MOST).mapToObj(i -> "user-" + i).toArray(String[]::new);

  /** Whose users come in turn, in each thread. */
  @State(Scope.Thread)
  public static class Turn {
    private int at;
  }

  @Param({"1", "16384"})
  int users;

  private final RateLimiter limiter = new RateLimiter();

  @Benchmark
  public Verdict take(Turn turn) {
    return limiter.take("shop", USERS[turn.at++ & users - 1], LIMIT);
  }
}
