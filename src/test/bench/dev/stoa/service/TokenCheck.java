package dev.stoa.service;

import dev.stoa.config.Live;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Proving an {@code Authorization} header (HS256) of so many users in turn. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenCheck {

  @Param({"1", "1024", "65536"})
  int users;

  private Vertx vertx;
  private Tokens tokens;
  private String[] headers;
  private int at;

  @Setup
  public void prepare() {
    vertx = Vertx.vertx();
    AuthConfig secret = AuthConfig.ofSecret("only-for-this-benchmark-0123456789abcdef");
    tokens = new Tokens(vertx, Live.fixed(secret), InstantSource.system());
    headers =
        IntStream.range(0, users)
            .mapToObj(i -> new Identity("user-" + i, "user-" + i, Set.of("customer")))
            .map(user -> "Bearer " + tokens.issue(user).token())
            .toArray(String[]::new);
  }

  @Benchmark
  public Identity verify() {
    return tokens.verify(headers[at++ & users - 1]);
  }

  @TearDown
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
