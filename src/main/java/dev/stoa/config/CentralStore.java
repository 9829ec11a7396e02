package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
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

  private final ConfigLayers layers;
  private final Optional<RevisionStore> disk;
  private final Worker worker;
  private final StoreWatch watch;
  private final Runnable changed;
  private Optional<ConfigStore.Place> place = Optional.empty();
  private StoreBelief belief = new StoreBelief(Optional.empty());
  private Runnable awaited;
  private final StoreNews news = new StoreNews();
  private final StorePlaces places;
  private boolean keeps;

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
    this.places = new StorePlaces(vertx, layers);
    this.layers = layers;
    this.disk = disk;
    this.worker = worker;
    this.watch = new StoreWatch(worker);
    this.changed = changed;
  }

  Optional<StoreStatus> status() {
    return news.status();
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
    return news.status().isPresent() && fileName.startsWith(keys()) && !fileName.equals(keys());
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
    keeps = true;
    ask(local, lastGood, done, then);
  }

  /** The same for who only looks: nothing is kept, nor forgotten. */
  <R> void look(FileSet local, CompletableFuture<R> done, Worker.Step<R> then) {
    ask(local, Optional.empty(), done, then);
  }

  private <R> void ask(
      FileSet local, Optional<FileSet> lastGood, CompletableFuture<R> done, Worker.Step<R> then) {
    Optional<ConfigStore.Place> said =
        places.in(local).or(() -> lastGood.flatMap(places::in)).orElse(Optional.empty());
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
      String found = news.status().flatMap(StoreStatus::reason).orElse("none");
      throw new ConfigException(List.of(new ConfigError(shown(place.get()), "", expected, found)));
    }
  }

  /** Whether the files say that it is elsewhere, or nowhere. */
  boolean isElsewhere(FileSet local) {
    return !places.in(local).orElse(place).equals(place);
  }

  /** The files are good ones, and may lead elsewhere. */
  void follow(FileSet local) {
    Optional<ConfigStore.Place> said = places.in(local).orElse(place);
    if (!said.equals(place)) {
      watch.close();
      if (said.isEmpty()) {
        LOG.info("{} is not used any more", shown(place.get()));
        place = said;
        news.none();
        forget();
        changed.run();
      } else {
        ask(said.get());
      }
    }
  }

  Future<Void> close() {
    return watch.close();
  }

  private void ask(ConfigStore.Place there) {
    place = Optional.of(there);
    turn(StoreStatus.State.ASKED, Optional.empty());
    watch.open(
        there,
        new ConfigStore.Listener() {
          @Override
          public void answered(Map<String, Buffer> values, boolean restarted) {
            CentralStore.this.answered(new StoreContent(there.prefix(), values), restarted);
          }

          @Override
          public void failed(String reason) {
            CentralStore.this.failed(reason);
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
      watch.after(belief.patience(), () -> believe(answer));
    }
  }

  private void believe(StoreContent answer) {
    if (belief.confirm(answer)) {
      disk.filter(any -> keeps).ifPresent(kept -> kept.hear(name(), answer.encode()));
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

  private void turn(StoreStatus.State state, Optional<String> reason) {
    news.turn(shown(place.orElseThrow()), state, reason, belief.believed().isPresent());
  }

  private void forget() {
    belief = new StoreBelief(Optional.empty());
    if (keeps && layers.store().isPresent()) {
      disk.ifPresent(kept -> kept.unhear(name()));
    }
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
