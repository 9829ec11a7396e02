package dev.stoa.discovery;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One running copy of a service. The collections are immutable and in a stable order.
 *
 * @param id unique over all services: {@code user-service-127.0.0.1-8081}
 * @param service the name that routes and clients use
 * @param secure whether it speaks TLS
 * @param weight its share of the requests beside the others; 0 takes none
 * @param zone where it runs; empty where that is not known
 */
public record ServiceInstance(
    String id,
    String service,
    String host,
    int port,
    boolean secure,
    int weight,
    String zone,
    Set<String> tags,
    Map<String, String> metadata) {

  /** The largest weight. */
  public static final int MAX_WEIGHT = 65_535;

  public ServiceInstance {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(zone, "zone");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is outside 1..65535");
    }
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight " + weight + " is outside 0.." + MAX_WEIGHT);
    }
    tags = Collections.unmodifiableSet(new TreeSet<>(tags));
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
  }

  /** A plain instance: no TLS, weight 1, nothing else known of it. */
  public ServiceInstance(String id, String service, String host, int port) {
    this(id, service, host, port, false, 1, "", Set.of(), Map.of());
  }

  /** A plain instance with the usual id, {@code name-address-port}. */
  public static ServiceInstance of(String service, String host, int port) {
    return new ServiceInstance(service + "-" + host + "-" + port, service, host, port);
  }

  public ServiceInstance withId(String name) {
    return new ServiceInstance(name, service, host, port, secure, weight, zone, tags, metadata);
  }

  public ServiceInstance withSecure(boolean tls) {
    return new ServiceInstance(id, service, host, port, tls, weight, zone, tags, metadata);
  }

  public ServiceInstance withWeight(int share) {
    return new ServiceInstance(id, service, host, port, secure, share, zone, tags, metadata);
  }

  public ServiceInstance withZone(String place) {
    return new ServiceInstance(id, service, host, port, secure, weight, place, tags, metadata);
  }

  public ServiceInstance withTags(Set<String> labels) {
    return new ServiceInstance(id, service, host, port, secure, weight, zone, labels, metadata);
  }

  public ServiceInstance withMetadata(Map<String, String> values) {
    return new ServiceInstance(id, service, host, port, secure, weight, zone, tags, values);
  }
}
