package dev.stoa.discovery;

import dev.stoa.config.Live;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The pools of instances that this process calls, made as they are asked for. One per process, so
 * that the gateway and the services' clients learn from each other. Safe on any thread.
 */
public final class InstancePools {
  /**
   * Reloads leave pools behind that no route leads to any more; more routes than this nobody has.
   */
  static final int MAX_ADDRESS_POOLS = 4_000;

  private final ServiceRegistry registry;
  private final Live<UpstreamPolicies> policies;
  private final String zone;
  private final LongSupplier clock;
  private final Map<String, InstancePool> byService = new ConcurrentHashMap<>();
  private final Map<String, InstancePool> byAddresses = new ConcurrentHashMap<>();
  private final Map<String, Balancer> balancers = new ConcurrentHashMap<>();

  /**
   * No pools yet.
   *
   * @param policies for calls that no route has a policy for; the zone is the one it has now
   */
  public InstancePools(ServiceRegistry registry, Live<UpstreamPolicies> policies) {
    this(registry, policies, policies.get().zone(), sinceNow());
  }

  /** Pools with the default policies, in no zone. */
  public InstancePools(ServiceRegistry registry) {
    this(registry, Live.fixed(UpstreamPolicies.DEFAULT));
  }

  InstancePools(
      ServiceRegistry registry, Live<UpstreamPolicies> policies, String zone, LongSupplier clock) {
    this.registry = registry;
    this.policies = policies;
    this.zone = zone;
    this.clock = clock;
  }

  public ServiceCatalog catalog() {
    return registry.catalog();
  }

  /** How discovery stands, for operators. */
  public DiscoveryStatus status() {
    return registry.status();
  }

  /** The pool of a service, whatever instances it has at any time. */
  public InstancePool of(String service) {
    InstancePool known = byService.get(service);
    return known != null
        ? known
        : byService.computeIfAbsent(
            service, name -> pool(name, () -> registry.catalog().instances(name)));
  }

  /**
   * The pool of a fixed list of addresses, the same for the same list.
   *
   * @param name what people know it by, where it is new
   */
  public InstancePool of(String name, List<ServiceInstance> addresses) {
    String list = addresses.stream().map(ServiceInstance::id).collect(Collectors.joining(" "));
    InstancePool known = byAddresses.get(list);
    if (known != null) {
      return known;
    }
    if (byAddresses.size() >= MAX_ADDRESS_POOLS) {
      byAddresses.clear(); // those in use come back, with nothing known
    }
    return byAddresses.computeIfAbsent(list, key -> pool(name, () -> addresses));
  }

  /** Picks an instance of a service by the service's own policy. */
  public Optional<Lease> pick(String service, long key, Optional<Lease> tried) {
    UpstreamPolicy policy = policies.get().of(service);
    Balancer balancer = balancers.get(service);
    if (balancer == null || !same(balancer.policy(), policy)) {
      balancer = new Balancer(policy);
      balancers.put(service, balancer);
    }
    return balancer.pick(of(service), key, tried);
  }

  /** Equality of records looks into each; most of the time there is no need. */
  private static boolean same(UpstreamPolicy one, UpstreamPolicy other) {
    return one == other || one.equals(other);
  }

  /** The services whose own policy wants their instances checked, as of now. */
  public List<HealthChecks.Checked> checks() {
    UpstreamPolicies now = policies.get();
    return catalog().services().stream()
        .filter(service -> now.of(service).health().enabled())
        .map(service -> new HealthChecks.Checked(of(service), now.of(service).health()))
        .toList();
  }

  /** The pools that are no services. */
  public List<InstancePool> ofAddresses() {
    return List.copyOf(byAddresses.values());
  }

  /** Every pool that was asked for and is still there. */
  public List<InstancePool> all() {
    return Stream.of(byService, byAddresses).map(Map::values).flatMap(Collection::stream).toList();
  }

  private InstancePool pool(String name, Supplier<List<ServiceInstance>> source) {
    return new InstancePool(name, source, zone, clock);
  }

  private static LongSupplier sinceNow() {
    long start = System.nanoTime() - 1;
    return () -> System.nanoTime() - start;
  }
}
