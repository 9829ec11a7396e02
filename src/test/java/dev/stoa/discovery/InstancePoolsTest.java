package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;

class InstancePoolsTest {
  private final InstancePools pools = new InstancePools(new LocalRegistry());

  @Test
  void whoeverAsksAgainGetsThePoolThatIsKnownAlsoWhereThereAreAsManyAsThereMayBe() {
    InstancePool first = pools.of("route:0", addresses(0));
    for (int i = 1; i < InstancePools.MAX_ADDRESS_POOLS; i++) {
      pools.of("route:" + i, addresses(i));
    }

    assertSame(first, pools.of("route:0", addresses(0)));
    assertEquals(InstancePools.MAX_ADDRESS_POOLS, pools.ofAddresses().size());
    pools.of("one more", addresses(InstancePools.MAX_ADDRESS_POOLS));
    assertEquals(1, pools.ofAddresses().size());
  }

  private static List<ServiceInstance> addresses(int i) {
    String host = "10.0." + i / 250 + "." + i % 250;
    return List.of(new ServiceInstance("http://" + host, host, host, 80));
  }
}
