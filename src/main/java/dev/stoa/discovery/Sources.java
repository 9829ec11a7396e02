package dev.stoa.discovery;

import dev.stoa.discovery.DiscoveryConfig.Type;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The registries that are configured, in the order in which they are believed. Changed on the
 * context of discovery only; read anywhere.
 */
final class Sources {
  /** Makes the source of a registry. */
  interface Factory {
    Source source(Type type, DiscoveryConfig config);
  }

  private final Factory factory;
  private final Map<Type, Source> open = new EnumMap<>(Type.class);
  private DiscoveryConfig config;
  private volatile List<Source> current = List.of();

  Sources(Factory factory) {
    this.factory = factory;
  }

  List<Source> current() {
    return current;
  }

  /**
   * Opens what is new or configured otherwise than before, and closes what is gone.
   *
   * @param own what has to be known to each
   */
  Future<Void> configure(DiscoveryConfig next, Collection<ServiceInstance> own) {
    List<Future<?>> steps = new ArrayList<>();
    for (Type type : Type.values()) {
      boolean wanted = next.types().contains(type);
      Source before = open.get(type);
      if (before != null && wanted && config.part(type).equals(next.part(type))) {
        continue;
      }
      Future<Void> closed = before == null ? Future.succeededFuture() : end(before, own);
      open.remove(type);
      if (wanted) {
        Source source = factory.source(type, next);
        if (before != null && type != Type.STATIC) {
          // Until it has been asked, which may take longer than anybody wants to wait.
          source.inherit(before.view());
        }
        open.put(type, source);
        steps.add(closed.compose(ended -> source.open()));
        // After it was withdrawn: the registry may be the same, used in another way.
        own.forEach(
            instance -> steps.add(closed.compose(ended -> source.directory().announce(instance))));
      } else {
        steps.add(closed);
      }
    }
    config = next;
    current = next.types().stream().map(open::get).toList();
    return Future.join(steps).mapEmpty();
  }

  /** Does the same with each; completes when all have. */
  Future<Void> each(Function<Directory, Future<Void>> step) {
    return Future.join(current.stream().map(source -> step.apply(source.directory())).toList())
        .mapEmpty();
  }

  /** How long it takes until everybody has noticed a change. */
  Duration settleTime() {
    return current.stream()
        .map(source -> source.directory().settleTime())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  Future<Void> close() {
    List<Future<Void>> closed = current.stream().map(Source::close).toList();
    open.clear();
    current = List.of();
    return Future.join(closed).mapEmpty();
  }

  private static Future<Void> end(Source source, Collection<ServiceInstance> own) {
    List<Future<Void>> withdrawn =
        own.stream().map(instance -> source.directory().withdraw(instance)).toList();
    return Future.join(withdrawn).<Void>mapEmpty().eventually(source::close);
  }
}
