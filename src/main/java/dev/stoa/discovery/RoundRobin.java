package dev.stoa.discovery;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Each instance in turn; the counter may wrap, the index may not turn negative. */
final class RoundRobin implements Balancer {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Optional<ServiceInstance> pick(List<ServiceInstance> instances) {
    return switch (instances.size()) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(instances.get(0));
      default ->
          Optional.of(instances.get(Math.floorMod(next.getAndIncrement(), instances.size())));
    };
  }
}
