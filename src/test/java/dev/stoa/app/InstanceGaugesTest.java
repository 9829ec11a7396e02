package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.HashKey;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.Lease;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.observability.Metrics;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InstanceGaugesTest {

  @Test
  void countWhatIsInFlightAndWhoIsLeftOut() {
    ServiceRegistry registry = new LocalRegistry();
    registry.register(ServiceInstance.of("shop", "127.0.0.1", 1));
    registry.register(ServiceInstance.of("shop", "127.0.0.1", 2));
    InstancePools pools = new InstancePools(registry);

    try (Metrics metrics = new Metrics()) {
      InstanceGauges.add(metrics, pools);
      for (int i = 0; i < 12; i++) {
        Lease lease = pick(pools);
        if (lease.instance().port() == 1) {
          lease.failed(CallFailure.RESET);
        } else {
          lease.completed();
        }
      }
      pick(pools);
      pick(pools);

      assertEquals(
          Set.of(
              "stoa_instances_in_flight 2.0",
              "stoa_instances_ejected 1.0",
              "stoa_instances_unhealthy 0.0"),
          metrics
              .scrape()
              .lines()
              .filter(line -> line.startsWith("stoa_instances"))
              .collect(Collectors.toSet()));
    }
  }

  private static Lease pick(InstancePools pools) {
    return pools.pick("shop", HashKey.NONE, Optional.empty()).orElseThrow();
  }
}
