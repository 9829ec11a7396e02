package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalRegistryTest {
  private final ServiceRegistry registry = new LocalRegistry();
  private final ServiceInstance one = ServiceInstance.of("users", "127.0.0.1", 1);
  private final ServiceInstance two = ServiceInstance.of("users", "127.0.0.1", 2);

  @Test
  void listsWhatIsRegistered() {
    registry.register(one);
    registry.register(two);

    assertEquals(List.of(one, two), registry.catalog().instances("users"));
    assertFalse(registry.catalog().entries("users").get(0).stale());
  }

  @Test
  void replacesUnderTheSameId() {
    registry.register(one);
    registry.register(two);
    registry.register(one.withWeight(3));

    assertEquals(List.of(one.withWeight(3), two), registry.catalog().instances("users"));
  }

  @Test
  void knowsAServiceAlsoWithoutInstances() {
    registry.register(one);
    registry.deregister(one.id());

    assertTrue(registry.catalog().knows("users"));
    assertEquals(List.of(), registry.catalog().instances("users"));
    assertFalse(registry.catalog().knows("orders"));
  }

  @Test
  void tellsWatchersOfEachChangeInOrder() {
    List<Integer> counts = new ArrayList<>();
    registry.register(one);

    ServiceRegistry.Watch watch =
        registry.watch(catalog -> counts.add(catalog.instances("users").size()));
    registry.register(two);
    registry.register(two);
    registry.deregister("unknown");
    registry.deregister(one.id());
    watch.close();
    watch.close();
    registry.deregister(two.id());

    assertEquals(List.of(1, 2, 1), counts);
  }

  @Test
  void aWatcherThatFailsDisturbsNobody() {
    List<Integer> counts = new ArrayList<>();
    registry.watch(
        catalog -> {
          throw new IllegalStateException("thrown by a test");
        });
    registry.watch(catalog -> counts.add(catalog.instances("users").size()));

    registry.register(one);

    assertEquals(List.of(0, 1), counts);
  }

  @Test
  void refusesInstancesThatCannotBe() {
    assertThrows(IllegalArgumentException.class, () -> ServiceInstance.of("users", "h", 0));
    assertThrows(IllegalArgumentException.class, () -> one.withWeight(-1));
    assertThrows(IllegalArgumentException.class, () -> one.withWeight(65_536));
  }
}
