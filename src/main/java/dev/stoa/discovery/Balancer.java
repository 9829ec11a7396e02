package dev.stoa.discovery;

import java.util.List;
import java.util.Optional;

/** Picks one of several instances. Safe on any thread; never blocks, never allocates on the way. */
@FunctionalInterface
public interface Balancer {

  /** The instance to use, empty where the list is. */
  Optional<ServiceInstance> pick(List<ServiceInstance> instances);

  /** Each in turn. */
  static Balancer roundRobin() {
    return new RoundRobin();
  }
}
