package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.ext.consul.Service;
import io.vertx.servicediscovery.Record;
import io.vertx.servicediscovery.spi.ServicePublisher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The service discovery that a bridge publishes into: private to it, while the stock one keeps all
 * records of a Vert.x in one map and announces them on its event bus. For one context.
 */
final class ImportedRecords implements ServicePublisher {
  private final Map<String, Record> records = new LinkedHashMap<>();
  private final Consumer<ImportedRecords> changed;

  /**
   * An empty one.
   *
   * @param changed told of each change
   */
  ImportedRecords(Consumer<ImportedRecords> changed) {
    this.changed = changed;
  }

  @Override
  public Future<Record> publish(Record record) {
    Record published = record.setRegistration(UUID.randomUUID().toString());
    records.put(published.getRegistration(), published);
    changed.accept(this);
    return Future.succeededFuture(published);
  }

  @Override
  public Future<Void> unpublish(String id) {
    if (records.remove(id) != null) {
      changed.accept(this);
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Record> update(Record record) {
    records.put(record.getRegistration(), record);
    changed.accept(this);
    return Future.succeededFuture(record);
  }

  /** Whether something was published twice, which the bridge never makes good. */
  boolean hasDuplicates() {
    List<List<Object>> keys =
        services().stream()
            .map(
                service ->
                    List.<Object>of(service.getId(), service.getAddress(), service.getPort()))
            .toList();
    return keys.stream().distinct().count() < keys.size();
  }

  List<ServiceInstance> instances() {
    return DistinctIds.of(
        services().stream()
            .filter(service -> !ConsulNames.ITSELF.equals(service.getName()))
            .map(service -> ConsulFormat.read(service, service.getNodeAddress()))
            .flatMap(Optional::stream)
            .toList());
  }

  /** The bridge puts the service into the metadata, and the address that counts beside it. */
  private List<Service> services() {
    return records.values().stream()
        .map(
            record ->
                new Service(record.getMetadata())
                    .setAddress(record.getLocation().getString("host")))
        .toList();
  }
}
