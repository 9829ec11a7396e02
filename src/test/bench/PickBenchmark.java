import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.Balancer;
import dev.stoa.discovery.BalancerConfig.Strategy;
import dev.stoa.discovery.HashKey;
import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.discovery.UpstreamPolicies;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a pick costs, with the lease that it lends and the feedback that ends it. Run it with the
 * packaged jar:
 *
 * <pre>java -cp target/stoa.jar src/test/bench/PickBenchmark.java</pre>
 */
public final class PickBenchmark {
  private static final int WARM_UP = 2_000_000;
  private static final int PICKS = 2_000_000;
  private static final int ROUNDS = 5;

  private PickBenchmark() {}

  public static void main(String[] args) throws InterruptedException {
    System.out.println("strategy          instances  threads   ns/pick   million picks/s   bytes/pick");
    for (int instances : new int[] {3, 10, 100}) {
      for (Strategy strategy : Strategy.values()) {
        Subject subject = new Subject(strategy, instances);
        subject.run(WARM_UP);
        report(subject, strategy, instances, 1);
        report(subject, strategy, instances, 2);
      }
    }
  }

  private static void report(Subject subject, Strategy strategy, int instances, int threads)
      throws InterruptedException {
    double best = Double.MAX_VALUE;
    long bytes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      AtomicLong allocated = new AtomicLong();
      CountDownLatch ready = new CountDownLatch(threads);
      List<Thread> running = new ArrayList<>();
      AtomicLong began = new AtomicLong(Long.MAX_VALUE);
      for (int i = 0; i < threads; i++) {
        Thread thread =
            new Thread(
                () -> {
                  ready.countDown();
                  try {
                    ready.await();
                  } catch (InterruptedException e) {
                    return;
                  }
                  began.accumulateAndGet(System.nanoTime(), Math::min);
                  long before = allocated();
                  subject.run(PICKS);
                  allocated.addAndGet(allocated() - before);
                });
        running.add(thread);
        thread.start();
      }
      for (Thread thread : running) {
        thread.join();
      }
      double nanos = (double) (System.nanoTime() - began.get()) / PICKS;
      if (nanos < best) {
        best = nanos;
        bytes = allocated.get() / ((long) PICKS * threads);
      }
    }
    System.out.printf(
        "%-17s %9d %8d %9.0f %17.1f %12d%n",
        strategy.name().toLowerCase(), instances, threads, best, threads * 1000 / best, bytes);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** One balancer over one pool. */
  private static final class Subject {
    private final Balancer balancer;
    private final InstancePool pool;

    Subject(Strategy strategy, int instances) {
      ServiceRegistry registry = ServiceRegistry.local();
      for (int i = 1; i <= instances; i++) {
        registry.register(ServiceInstance.of("shop", "127.0.0.1", i).withWeight(1 + i % 3));
      }
      pool = new InstancePools(registry).of("shop");
      JsonObject config = new JsonObject().put("load_balancer", strategy.name().toLowerCase());
      balancer = new Balancer(UpstreamPolicies.from(ConfigReader.of(config)).standard());
    }

    void run(int picks) {
      for (int i = 1; i <= picks; i++) {
        Lease lease = balancer.pick(pool, HashKey.NONE + i, Optional.empty()).orElseThrow();
        lease.answered(200);
        lease.completed();
      }
    }
  }
}
