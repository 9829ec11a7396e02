package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a pick costs, with the lease that it lends and the feedback that ends it. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Pick {

  /** Which client it is, in each thread. */
  @State(Scope.Thread)
  public static class Turn {
    private int at;
  }

  @Param({
    "round_robin",
    "least_requests",
    "power_of_two",
    "random",
    "weighted",
    "consistent_hash"
  })
  String strategy;

  @Param({"3", "100"})
  int instances;

  private Balancer balancer;
  private InstancePool pool;

  @Setup
  public void prepare() {
    ServiceRegistry registry = new LocalRegistry();
    for (int i = 1; i <= instances; i++) {
      registry.register(ServiceInstance.of("shop", "127.0.0.1", i).withWeight(1 + i % 3));
    }
    pool = new InstancePools(registry).of("shop");
    JsonObject config = new JsonObject().put("load_balancer", strategy);
    balancer = new Balancer(UpstreamPolicies.from(ConfigReader.of(config)).standard());
  }

  @Benchmark
  public Lease pick(Turn turn) {
    Lease lease = balancer.pick(pool, HashKey.NONE + turn.at++, Optional.empty()).orElseThrow();
    lease.answered(200);
    lease.completed();
    return lease;
  }
}
