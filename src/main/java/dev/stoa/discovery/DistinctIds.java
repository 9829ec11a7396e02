package dev.stoa.discovery;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ids that registries take care to keep apart only within one node or one service. Where two
 * instances have the same, their addresses are added.
 */
final class DistinctIds {
  private DistinctIds() {}

  static List<ServiceInstance> of(Collection<ServiceInstance> instances) {
    Map<String, Integer> count = new HashMap<>();
    instances.forEach(instance -> count.merge(instance.id(), 1, Integer::sum));
    List<ServiceInstance> distinct = new ArrayList<>();
    for (ServiceInstance instance : instances) {
      String address = "@" + instance.host() + ":" + instance.port();
      boolean alone = count.get(instance.id()) == 1;
      distinct.add(alone ? instance : instance.withId(instance.id() + address));
    }
    return distinct;
  }
}
