package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.discovery.ServiceRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewcomersTest {

  @Test
  void tellsOfEachServiceThatGainsAnInstanceAndOfNoOther() {
    ServiceRegistry registry = new LocalRegistry();
    ServiceInstance first = ServiceInstance.of("orders", "127.0.0.1", 8083);
    List<String> told = new ArrayList<>();
    registry.watch(new Newcomers(told::add));

    registry.register(first);
    registry.register(ServiceInstance.of("users", "127.0.0.1", 8081));
    registry.register(ServiceInstance.of("orders", "127.0.0.1", 9083));
    registry.deregister(first.id());
    registry.register(first);

    assertEquals(List.of("orders", "users", "orders", "orders"), told);
  }
}
