package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A service in a local registry, its pool, and a clock that a test moves. */
final class Pools {
  static final String SERVICE = "shop";

  final ServiceRegistry registry = new LocalRegistry();
  final AtomicLong clock = new AtomicLong(1);
  final InstancePools pools;
  final InstancePool pool;

  Pools(String zone) {
    pools =
        new InstancePools(registry, () -> UpstreamPolicies.DEFAULT, zone, clock::incrementAndGet);
    pool = pools.of(SERVICE);
  }

  /** A service with so many instances, on ports from 1 on. */
  Pools(int instances) {
    this("");
    for (int port = 1; port <= instances; port++) {
      add(instance(port));
    }
  }

  static ServiceInstance instance(int port) {
    return ServiceInstance.of(SERVICE, "127.0.0.1", port);
  }

  Pools add(ServiceInstance instance) {
    registry.register(instance);
    return this;
  }

  void remove(int port) {
    registry.deregister(instance(port).id());
  }

  void pass(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  /** A balancer as configured by a section of JSON in single quotes. */
  static Balancer balancer(String json) {
    ConfigReader reader = ConfigReader.of(new JsonObject(json.replace('\'', '"')));
    Balancer balancer = new Balancer(UpstreamPolicies.from(reader).standard());
    if (!reader.errors().isEmpty()) {
      throw new AssertionError(reader.errors());
    }
    return balancer;
  }

  static Balancer strategy(String name) {
    return balancer("{'load_balancer': '" + name + "'}");
  }

  Lease pick(Balancer balancer) {
    return pick(balancer, HashKey.NONE);
  }

  Lease pick(Balancer balancer, long key) {
    return balancer.pick(pool, key, Optional.empty()).orElseThrow();
  }

  Lease pickAfter(Balancer balancer, Lease tried) {
    return balancer.pick(pool, HashKey.NONE, Optional.of(tried)).orElseThrow();
  }

  /** Picks and ends so many leases; answers how many each port got. */
  Map<Integer, Integer> shares(Balancer balancer, int picks) {
    Map<Integer, Integer> shares = new TreeMap<>();
    for (int i = 0; i < picks; i++) {
      Lease lease = pick(balancer);
      shares.merge(lease.instance().port(), 1, Integer::sum);
      lease.completed();
    }
    return shares;
  }

  /** Lets the next so many picks of this port fail, and no others. */
  void fail(Balancer balancer, int port, int failures) {
    for (int left = failures; left > 0; ) {
      Lease lease = pick(balancer);
      if (lease.instance().port() == port) {
        lease.failed(CallFailure.CONNECT);
        left--;
      } else {
        lease.abandoned();
      }
    }
  }

  InstanceStatus status(int port) {
    return pool.statuses().stream()
        .filter(status -> status.instance().port() == port)
        .findFirst()
        .orElseThrow();
  }
}
