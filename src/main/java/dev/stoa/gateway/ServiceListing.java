package dev.stoa.gateway;

import dev.stoa.discovery.CatalogEntry;
import dev.stoa.discovery.DiscoveryStatus;
import dev.stoa.discovery.InstanceJson;
import dev.stoa.discovery.InstancePool;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.InstanceStatus;
import dev.stoa.discovery.RegistryStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** All services and instances that this gateway knows, whence, and how they do. */
final class ServiceListing {
  static final String PATH = "/api/admin/services";

  private final InstancePools pools;

  ServiceListing(InstancePools pools) {
    this.pools = pools;
  }

  JsonObject now() {
    DiscoveryStatus status = pools.status();
    JsonArray services = new JsonArray();
    status
        .catalog()
        .services()
        .forEach(name -> services.add(service(name, status.catalog().entries(name))));
    JsonArray registries = new JsonArray();
    status.registries().forEach(known -> registries.add(registry(known)));
    return new JsonObject()
        .put("services", services)
        .put("addresses", addresses())
        .put("registries", registries)
        .put("disagreements", new JsonArray(status.disagreements()));
  }

  /** What routes lead to that no registry knows. */
  private JsonArray addresses() {
    JsonArray addresses = new JsonArray();
    for (InstancePool pool : pools.ofAddresses()) {
      JsonArray instances = new JsonArray();
      for (InstanceStatus status : pool.statuses()) {
        String id = status.instance().id();
        instances.add(new JsonObject().put("id", id).mergeIn(use(status)));
      }
      addresses.add(new JsonObject().put("name", pool.name()).put("instances", instances));
    }
    return addresses;
  }

  private static JsonObject registry(RegistryStatus status) {
    JsonObject json =
        new JsonObject()
            .put("name", status.name())
            .put("status", status.answering() ? "answering" : "away")
            .put("since", status.since().toString())
            .put("instances", status.instances())
            .put("missing", status.missing());
    return status.failure().isEmpty() ? json : json.put("failure", status.failure());
  }

  private JsonObject service(String name, List<CatalogEntry> entries) {
    Map<String, InstanceStatus> statuses =
        pools.of(name).statuses().stream()
            .collect(Collectors.toMap(one -> one.instance().id(), Function.identity()));
    JsonArray instances = new JsonArray();
    for (CatalogEntry entry : entries) {
      JsonObject json = instance(entry);
      InstanceStatus status = statuses.get(entry.instance().id());
      instances.add(status == null ? json : json.mergeIn(use(status)));
    }
    return new JsonObject().put("name", name).put("instances", instances);
  }

  private static JsonObject instance(CatalogEntry entry) {
    return InstanceJson.write(entry.instance())
        .put("origins", new JsonArray(new TreeSet<>(entry.origins()).stream().toList()))
        .put("stale", entry.stale());
  }

  /** What calls from this process have told. */
  private static JsonObject use(InstanceStatus status) {
    JsonObject json =
        new JsonObject()
            .put("health", status.health().name().toLowerCase(Locale.ROOT))
            .put("in_flight", status.inFlight())
            .put("successes", status.successes())
            .put("failures", status.failures())
            .put("consecutive_failures", status.consecutiveFailures())
            .put("latency_ms", status.latency().toNanos() / 1_000 / 1_000.0)
            .put("ejections", status.ejections());
    status.lastFailure().ifPresent(kind -> json.put("last_failure", kind.toString()));
    status.ejectedUntil().ifPresent(until -> json.put("ejected_until", until.toString()));
    return json;
  }
}
