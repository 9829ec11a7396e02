package dev.stoa.observability;

import java.util.Map;

/**
 * All that went through lately, of one look, so that whoever draws much of it looks no more than
 * once. Immutable.
 *
 * @param routes by name; {@code none} is what matched none, {@code stoa} the gateway's own
 * @param upstreams by name, of all attempts of the gateway's
 * @param calls by name, of the attempts that services make at each other
 * @param instances by upstream and instance id, of the gateway's attempts
 * @param operations by service and operation id, of the services that run here
 */
public record Flows(
    Map<String, Flow> routes,
    Map<String, Flow> upstreams,
    Map<String, Flow> calls,
    Map<String, Map<String, Flow>> instances,
    Map<String, Map<String, Flow>> operations) {

  /** By instance id, of one upstream. */
  public Map<String, Flow> instancesOf(String upstream) {
    return instances.getOrDefault(upstream, Map.of());
  }
}
