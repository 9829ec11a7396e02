package dev.stoa.discovery;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry of a process that also believes registries outside of it. What runs in this process
 * is always known, whatever they say; what they say is merged ({@link CatalogMerge}) and outlives
 * them ({@link Origin}). One per process; safe on any thread.
 */
public final class Discovery implements ServiceRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  /** Who starts, or looks for something new, waits no longer for registries that do not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Nor who ends, though that is worth waiting for longer. */
  private static final Duration PARTING = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Duration patience;
  private final Duration parting;
  private final Context context;
  private final Sources sources;
  private final LiveCatalog catalog = new LiveCatalog();

  // Changed only within a change of the catalog.
  private final OwnInstances own = new OwnInstances();
  private volatile List<String> disagreements = List.of();

  // On the context.
  private final Set<String> left = new HashSet<>();

  private volatile long settledAtNanos = System.nanoTime();

  /**
   * A registry that knows this process only, until it is told of others.
   *
   * @param data where it keeps what it has learned
   */
  public Discovery(Vertx vertx, Path data) {
    this(vertx, data, PATIENCE, PARTING);
  }

  Discovery(Vertx vertx, Path data, Duration patience, Duration parting) {
    Path kept = data.resolve("discovery");
    this.vertx = vertx;
    this.patience = patience;
    this.parting = parting;
    this.context = vertx.getOrCreateContext();
    this.sources =
        new Sources(
            (type, config) -> {
              Directory directory = Directories.of(vertx, type, config);
              Origin origin =
                  new Origin(
                      type.text(),
                      config.keepLost(),
                      directory.confirmAfter(),
                      InstantSource.system().instant());
              // The list of the configuration is there whenever this process is, and always right.
              Optional<LastKnown> disk =
                  type == DiscoveryConfig.Type.STATIC
                      ? Optional.empty()
                      : Optional.of(new LastKnown(vertx, kept, type.text()));
              return new Source(vertx, directory, origin, disk, this::merge);
            });
  }

  /**
   * Opens the registries that are configured and closes those that are not any more; those that
   * stay as they are go on undisturbed. Completes, never fails, when each new one has answered or
   * failed to, and after a second at most.
   */
  public Future<Void> configure(DiscoveryConfig config) {
    return inContext(
        () -> {
          Future<Void> configured = sources.configure(config, own());
          merge();
          return patiently(configured, patience);
        });
  }

  @Override
  public Future<Void> register(ServiceInstance instance) {
    catalog.change(
        () -> {
          own.add(instance);
          return list();
        });
    return inContext(
        () -> {
          left.remove(instance.id());
          return patiently(sources.each(directory -> directory.announce(instance)), patience);
        });
  }

  @Override
  public Future<Void> deregister(String instanceId) {
    List<ServiceInstance> gone =
        own().stream().filter(instance -> instance.id().equals(instanceId)).toList();
    catalog.change(
        () -> {
          own.remove(instanceId);
          return list();
        });
    return inContext(() -> withdraw(gone));
  }

  /**
   * Takes everything of this process out of the other registries, while it goes on to know itself:
   * the beginning of an orderly end. Completes, never fails, after some seconds at most.
   */
  public Future<Void> leave() {
    return inContext(() -> withdraw(own()));
  }

  @Override
  public Future<Void> settled() {
    long millis = TimeUnit.NANOSECONDS.toMillis(settledAtNanos - System.nanoTime());
    return millis <= 0
        ? Future.succeededFuture()
        : vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
  }

  @Override
  public ServiceCatalog catalog() {
    return catalog.get();
  }

  @Override
  public Watch watch(Consumer<ServiceCatalog> listener) {
    return catalog.watch(listener);
  }

  @Override
  public DiscoveryStatus status() {
    List<RegistryStatus> registries = sources.current().stream().map(Source::status).toList();
    return new DiscoveryStatus(registries, catalog.get(), disagreements);
  }

  /** Ends all reading; deregisters nothing. Completes, never fails, after some seconds at most. */
  public Future<Void> close() {
    return inContext(() -> patiently(sources.close(), parting));
  }

  private Future<Void> withdraw(Collection<ServiceInstance> instances) {
    List<ServiceInstance> there =
        instances.stream().filter(instance -> left.add(instance.id())).toList();
    if (there.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Future<Void>> steps =
        there.stream()
            .map(instance -> sources.each(directory -> directory.withdraw(instance)))
            .toList();
    return patiently(Future.join(steps).mapEmpty(), parting)
        .onComplete(done -> settledAtNanos = System.nanoTime() + sources.settleTime().toNanos());
  }

  /** What runs in this process, whether or not others are told of it. */
  public Collection<ServiceInstance> own() {
    synchronized (catalog) {
      return own.all();
    }
  }

  private void merge() {
    catalog.change(this::list);
  }

  private ServiceCatalog list() {
    CatalogMerge merge = new CatalogMerge().own(own.all(), own.services());
    Set<String> withdrawn = own.withdrawn();
    sources.current().forEach(source -> merge.with(source.view(), withdrawn));
    disagreements = List.copyOf(merge.disagreements());
    return merge.catalog();
  }

  /** Not for ever: a registry that hangs is no reason for this process to. */
  private Future<Void> patiently(Future<Void> work, Duration limit) {
    Promise<Void> promise = Promise.promise();
    long timer = vertx.setTimer(limit.toMillis(), id -> promise.tryComplete());
    work.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          promise.tryComplete();
        });
    return promise.future();
  }

  /** Works on the context of discovery and answers on the caller's; never fails. */
  private Future<Void> inContext(Supplier<Future<Void>> work) {
    Context caller = vertx.getOrCreateContext();
    Promise<Void> promise = Promise.promise();
    context.runOnContext(
        go ->
            Future.<Void>succeededFuture()
                .compose(here -> work.get())
                .onFailure(failure -> LOG.error("discovery failed", failure))
                .onComplete(done -> caller.runOnContext(back -> promise.complete())));
    return promise.future();
  }
}
