package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a registry listed last, on disk: a process that starts while the registry is away goes on
 * with it. Files are replaced whole; one that cannot be read or written is logged and never stops
 * anything. At most one write runs for each registry, the latest list waiting behind it.
 */
final class LastKnown {
  private static final Logger LOG = LoggerFactory.getLogger(LastKnown.class);

  private final Vertx vertx;
  private final Path file;
  private List<ServiceInstance> kept = List.of();
  private List<ServiceInstance> waiting;
  private Future<Void> writing = Future.succeededFuture();

  LastKnown(Vertx vertx, Path directory, String registry) {
    this.vertx = vertx;
    this.file = directory.resolve(registry + ".json");
  }

  /** Empty where nothing is kept. */
  Future<List<ServiceInstance>> load() {
    return vertx
        .executeBlocking(this::read)
        .onSuccess(instances -> kept = instances)
        .otherwise(
            failure -> {
              LOG.warn("what was known last in {} cannot be read and is not used", file, failure);
              return List.of();
            });
  }

  /** Keeps this list; call it on one context. */
  void keep(List<ServiceInstance> instances) {
    if (instances.equals(waiting == null ? kept : waiting)) {
      return;
    }
    boolean idle = waiting == null && writing.isComplete();
    waiting = instances;
    if (idle) {
      writeWaiting();
    }
  }

  /** When everything is written. */
  Future<Void> close() {
    return writing.compose(written -> waiting == null ? Future.succeededFuture() : close());
  }

  private void writeWaiting() {
    List<ServiceInstance> next = waiting;
    kept = next;
    waiting = null;
    writing =
        vertx
            .executeBlocking(() -> write(next))
            .otherwise(
                failure -> {
                  LOG.warn("what is known last cannot be kept in {}", file, failure);
                  return null;
                })
            .onSuccess(
                written -> {
                  if (waiting != null) {
                    writeWaiting();
                  }
                });
  }

  private List<ServiceInstance> read() throws IOException {
    try {
      return Buffer.buffer(Files.readAllBytes(file)).toJsonArray().stream()
          .map(item -> InstanceJson.read((JsonObject) item))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private Void write(List<ServiceInstance> instances) throws IOException {
    Files.createDirectories(file.getParent());
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    JsonArray json = new JsonArray(instances.stream().map(InstanceJson::write).toList());
    Files.write(temporary, json.toBuffer().getBytes());
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return null;
  }
}
