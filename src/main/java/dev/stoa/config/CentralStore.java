package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The central store as one of the configuration's files: what it said last that was believed, also
 * while it does not answer and after a restart of this process. Follows the files to where they say
 * that it is. For the configuration's thread, but for {@link #status}.
 */
final class CentralStore {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  private final Vertx vertx;
  private final ConfigLayers layers;
  private final Optional<RevisionStore> disk;
  private final Worker worker;
  private final Runnable changed;
  private Optional<ConfigStore.Place> place = Optional.empty();
  private StoreBelief belief = new StoreBelief(Optional.empty());
  private ConfigStore.Watch watch = Future::succeededFuture;
  private int opened;
  private Runnable awaited;
  private volatile Optional<StoreStatus> status = Optional.empty();

  /**
   * Not asking yet.
   *
   * @param disk where what it said is kept
   * @param changed is called when {@link #over} has something else to say
   */
  CentralStore(
      Vertx vertx,
      ConfigLayers layers,
      Optional<RevisionStore> disk,
      Worker worker,
      Runnable changed) {
    this.vertx = vertx;
    this.layers = layers;
    this.disk = disk;
    this.worker = worker;
    this.changed = changed;
  }

  Optional<StoreStatus> status() {
    return status;
  }

  /** These files of this machine, and what the store says. */
  FileSet over(FileSet local) {
    return place
        .flatMap(any -> belief.believed())
        .filter(said -> !said.isEmpty())
        .flatMap(said -> layers.storeFile().map(name -> local.with(name, said.encode())))
        .orElse(local);
  }

  /** Whether this names a key of the store: {@code consul-kv/KEY}. Safe on any thread. */
  boolean isKey(String fileName) {
    return status.isPresent() && fileName.startsWith(keys()) && !fileName.equals(keys());
  }

  /** These files, with something else at a key. */
  FileSet with(FileSet files, String fileName, Buffer value) {
    StoreContent said =
        Optional.ofNullable(files.contents().get(name()))
            .map(StoreContent::decode)
            .orElseGet(() -> new StoreContent(place.orElseThrow().prefix(), Map.of()));
    return files.with(name(), said.with(fileName.substring(keys().length()), value).encode());
  }

  private String keys() {
    return layers.store().orElseThrow().name() + "/";
  }

  /**
   * Begins where the files say, or the last good ones where those cannot be understood, and goes on
   * with {@code then} when there has been an answer, or none for long enough.
   */
  <R> void open(
      FileSet local, Optional<FileSet> lastGood, CompletableFuture<R> done, Worker.Step<R> then) {
    Optional<ConfigStore.Place> said =
        place(local).or(() -> lastGood.flatMap(this::place)).orElse(Optional.empty());
    if (said.isEmpty()) {
      forget();
      worker.after(Duration.ZERO, done, then);
      return;
    }
    belief = new StoreBelief(disk.flatMap(kept -> kept.heard(name())).flatMap(this::decoded));
    awaited =
        () -> {
          awaited = null;
          worker.after(Duration.ZERO, done, then);
        };
    Runnable first = awaited;
    ask(said.get());
    worker.after(
        said.get().patience(),
        new CompletableFuture<Void>(),
        none -> {
          if (awaited == first) {
            failed("no answer within " + said.get().patience().toMillis() + " ms");
          }
        });
  }

  /** Fails where there has to have been an answer and was none. */
  void expectAnswer() {
    if (place.isPresent() && place.get().required() && belief.believed().isEmpty()) {
      String expected = "an answer, as " + layers.store().orElseThrow().section() + " requires it";
      String found = status.flatMap(StoreStatus::reason).orElse("none");
      throw new ConfigException(List.of(new ConfigError(shown(place.get()), "", expected, found)));
    }
  }

  /** The files are good ones, and may lead elsewhere. */
  void follow(FileSet local) {
    Optional<ConfigStore.Place> said = place(local).orElse(place);
    if (!said.equals(place)) {
      stop();
      if (said.isEmpty()) {
        LOG.info("{} is not used any more", shown(place.get()));
        place = said;
        status = Optional.empty();
        forget();
        changed.run();
      } else {
        ask(said.get());
      }
    }
  }

  Future<Void> close() {
    return stop();
  }

  private Future<Void> stop() {
    opened++;
    Future<Void> closed = watch.close();
    watch = Future::succeededFuture;
    return closed;
  }

  /** Where the files say that it is; nothing at all where they cannot be understood. */
  private Optional<Optional<ConfigStore.Place>> place(FileSet local) {
    if (layers.store().isEmpty()) {
      return Optional.of(Optional.empty());
    }
    ConfigStore store = layers.store().get();
    Reads reads = new Reads();
    store.place(new TreeReader(Node.Mapping.EMPTY, reads, new Findings()));
    Findings findings = new Findings();
    local.errors().forEach(findings::unreadable);
    Node.Mapping tree = layers.mergeLocal(vertx, local, reads.paths(), findings);
    Optional<ConfigStore.Place> said = store.place(new TreeReader(tree, new Reads(), findings));
    return findings.errors().isEmpty() ? Optional.of(said) : Optional.empty();
  }

  private void ask(ConfigStore.Place there) {
    place = Optional.of(there);
    turn(StoreStatus.State.ASKED, Optional.empty());
    int asked = ++opened;
    watch =
        there.watch(
            new ConfigStore.Listener() {
              @Override
              public void answered(Map<String, Buffer> values, boolean restarted) {
                StoreContent answer = new StoreContent(there.prefix(), values);
                onThread(asked, () -> CentralStore.this.answered(answer, restarted));
              }

              @Override
              public void failed(String reason) {
                onThread(asked, () -> CentralStore.this.failed(reason));
              }
            });
  }

  private void onThread(int asked, Runnable news) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    done.exceptionally(
        failure -> {
          if (!worker.isClosed()) {
            LOG.error("what the central store said could not be used", failure);
          }
          return null;
        });
    worker.after(
        Duration.ZERO,
        done,
        any -> {
          if (asked == opened) {
            news.run();
          }
        });
  }

  private void answered(StoreContent answer, boolean restarted) {
    if (answer.encode().length() > FileSet.MAX_BYTES) {
      failed("more than " + FileSet.MAX_BYTES + " bytes in all");
      return;
    }
    switch (belief.hear(answer, restarted, System.nanoTime())) {
      case KNOWN -> turn(StoreStatus.State.ANSWERING, Optional.empty());
      case LOST ->
          turn(
              StoreStatus.State.EMPTY,
              Optional.of("it has no keys, and had " + belief.believed().get().values().size()));
      case DOUBTED -> doubt(answer);
    }
    proceed();
  }

  private void doubt(StoreContent answer) {
    turn(StoreStatus.State.ANSWERING, Optional.empty());
    boolean atOnce = awaited != null && belief.patience().compareTo(StoreBelief.SETTLE) <= 0;
    if (atOnce) {
      believe(answer);
    } else {
      int asked = opened;
      worker.after(
          belief.patience(),
          new CompletableFuture<Void>(),
          any -> {
            if (asked == opened) {
              believe(answer);
            }
          });
    }
  }

  private void believe(StoreContent answer) {
    if (belief.confirm(answer)) {
      disk.ifPresent(kept -> kept.hear(name(), answer.encode()));
      if (answer.isEmpty()) {
        String why = "it has no keys, or none that the token may read";
        LOG.warn("{}: {}", shown(place.orElseThrow()), why);
        turn(StoreStatus.State.ANSWERING, Optional.of(why));
      }
      if (awaited == null) {
        changed.run();
      }
    }
  }

  private void failed(String reason) {
    belief.failed();
    turn(StoreStatus.State.AWAY, Optional.of(reason));
    proceed();
  }

  private void proceed() {
    if (awaited != null) {
      awaited.run();
    }
  }

  /** Says so in the log once, and not for each reason anew. */
  private void turn(StoreStatus.State state, Optional<String> reason) {
    String name = shown(place.orElseThrow());
    Optional<StoreStatus> before = status.filter(known -> known.name().equals(name));
    StoreStatus.State last = before.map(StoreStatus::state).orElse(StoreStatus.State.ASKED);
    boolean same = before.isPresent() && state == last;
    Instant since = same ? before.get().since() : Instant.now();
    status = Optional.of(new StoreStatus(name, state, since, reason));
    if (same || state == StoreStatus.State.ASKED) {
      return;
    }
    if (state == StoreStatus.State.ANSWERING) {
      LOG.info("{} answers", name);
    } else {
      String instead =
          belief.believed().isPresent()
              ? "what it said last stays in force"
              : "the files alone are in force until it does";
      LOG.warn(
          "{} {}: {}; {}",
          name,
          state == StoreStatus.State.AWAY ? "does not answer" : "is empty",
          reason.orElse(""),
          instead);
    }
  }

  private void forget() {
    belief = new StoreBelief(Optional.empty());
    layers.store().ifPresent(any -> disk.ifPresent(kept -> kept.unhear(name())));
  }

  private Optional<StoreContent> decoded(Buffer text) {
    try {
      return Optional.of(StoreContent.decode(text));
    } catch (RuntimeException e) {
      LOG.warn("what {} said last is damaged on disk, and not used", name());
      return Optional.empty();
    }
  }

  private String shown(ConfigStore.Place there) {
    return StoreLayer.shown(layers.store().orElseThrow(), there.prefix(), "");
  }

  private String name() {
    return layers.storeFile().orElseThrow();
  }
}
