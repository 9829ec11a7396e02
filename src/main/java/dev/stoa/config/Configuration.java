package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The running configuration. It is reloaded as a transaction: all layers are read and everything is
 * validated, then there is one swap of the snapshot, or nothing at all and a status that says why.
 * What was in force is kept on disk: it starts the next process if the files are bad by then, and
 * an operator can go back to it.
 *
 * <p>All file access and all work is on one thread of its own; {@link #live()} and {@link
 * #status()} never block. Files are looked at when the system reports an event, and every second in
 * any case.
 */
public final class Configuration<T> {
  private final ConfigLayers layers;
  private final Revisions<T> revisions;
  private final Worker worker;
  private final CentralStore central;
  private final Reload<T> reload;

  /**
   * What the values mean to whoever uses them.
   *
   * @param compose reads and validates everything, noting errors in the reader; a pure function,
   *     which may run several times. What it answers is ignored if there are errors.
   * @param restartNeeded the keys that differ between the value at start and a new one, and that
   *     only a restart can bring into force
   * @param ofOneNode which keys each node has for itself, so that nodes agree whatever they say
   */
  public record Meaning<T>(
      Function<ConfigReader, T> compose,
      BiFunction<T, T, List<String>> restartNeeded,
      Predicate<String> ofOneNode) {}

  /**
   * A configuration that is not started yet.
   *
   * @param dataDirectory where configurations that were in force are kept; created when needed
   */
  public Configuration(Vertx vertx, ConfigLayers layers, Path dataDirectory, Meaning<T> meaning) {
    this(vertx, layers, Optional.of(dataDirectory), meaning, Reload.Pace.NORMAL);
  }

  /** One that keeps nothing: for who only wants to know what is in effect. */
  public Configuration(Vertx vertx, ConfigLayers layers, Meaning<T> meaning) {
    this(vertx, layers, Optional.empty(), meaning, Reload.Pace.NORMAL);
  }

  Configuration(
      Vertx vertx,
      ConfigLayers layers,
      Optional<Path> dataDirectory,
      Meaning<T> meaning,
      Reload.Pace pace) {
    this.layers = layers;
    Optional<RevisionStore> disk = dataDirectory.map(data -> new RevisionStore(data, layers));
    this.revisions =
        new Revisions<>(
            layers,
            new Evaluation<>(vertx, layers, meaning.compose, meaning.ofOneNode),
            new RevisionLog(disk),
            meaning.restartNeeded);
    this.worker = new Worker(vertx);
    this.central = new CentralStore(vertx, layers, disk, worker, this::changed);
    this.reload = new Reload<>(layers, revisions, central, worker, pace);
  }

  /** The value in force; it may be asked for before the start, and asked only after it. */
  public Live<T> live() {
    return revisions::value;
  }

  public ConfigStatus status() {
    return revisions.status();
  }

  /** How the central store stands; empty where none is used. */
  public Optional<StoreStatus> store() {
    return central.status();
  }

  /** How often another configuration came into force since the start; for the metrics. */
  public long applied() {
    return revisions.news().changes();
  }

  /** How often one was refused; for the metrics. */
  public long refused() {
    return revisions.refused();
  }

  /** All layers merged, secrets masked; for people's eyes. */
  public JsonObject effective() {
    return revisions.effective();
  }

  /** What was in force, the newest first; the first one is. Secrets masked. */
  public List<ConfigRevision> history() {
    return revisions.history();
  }

  /**
   * What differs between two revisions of the history, secrets masked, under what environment and
   * command line say now. Fails with NoSuchElementException where one of them is not kept.
   */
  public Future<List<ConfigChange>> diff(String from, String to) {
    return worker.run(done -> done.complete(revisions.diff(from, to)));
  }

  /**
   * Puts a revision of the history into force again, as a new one. It holds, also after a restart,
   * until the files are changed to other good ones; so a bad edit that is still on disk does not
   * come back. Fails with NoSuchElementException where the revision is not kept, and with {@link
   * ConfigException} where it is not valid any more; then nothing changes.
   *
   * @param by who wants it
   * @return whether it is on disk, so that it would survive a crash
   */
  public Future<Boolean> rollBack(String revision, String by) {
    return worker.run(done -> done.complete(revisions.rollBack(revision, by, reload.read())));
  }

  /**
   * Calls {@code listener} with each new value, after it came into force, on the configuration's
   * own thread, which it must not block for long.
   */
  public void onChange(Consumer<T> listener) {
    revisions.news().onChange(listener);
  }

  /**
   * Calls {@code listener} once with the value of the start, in force but not spoken of in the log
   * yet, so that the log can speak as it says.
   */
  public void onStart(Consumer<T> listener) {
    revisions.news().onStart(listener);
  }

  /**
   * Loads the configuration and begins to watch it. Fails with {@link ConfigException} if it is bad
   * and there is no last good one.
   */
  public Future<T> start() {
    return worker.run(
        started -> {
          revisions.load();
          central.open(layers.readFiles(), revisions.lastGood(), started, reload::begin);
        });
  }

  /** Ends watching. The value stays. */
  public Future<Void> close() {
    if (worker.isClosed()) {
      return Future.succeededFuture();
    }
    return worker
        .<Future<Void>>run(
            done -> {
              Future<Void> closed = central.close();
              worker.close();
              reload.close();
              done.complete(closed);
            })
        .compose(closed -> closed);
  }

  /** Looks at the files now, and answers how the configuration stands then. */
  public Future<ConfigStatus> reload() {
    return worker.run(reload::look);
  }

  /** Validates what is on disk, and in the central store, without applying it, started or not. */
  public Future<ConfigReport> check() {
    return worker.run(
        report -> {
          Worker.Step<ConfigReport> judge = done -> done.complete(revisions.dryRun(reload.read()));
          if (revisions.isStarted()) {
            judge.run(report);
          } else {
            central.look(
                layers.readFiles(),
                report,
                done -> {
                  central.expectAnswer();
                  judge.run(done);
                });
          }
        });
  }

  /** The files that are read, in their order; none of them has to exist. */
  public List<String> fileNames() {
    return layers.fileNames();
  }

  /**
   * Validates the files in force with {@code text} in one of them, without applying it.
   *
   * @param fileName one of {@link #fileNames}, or {@code consul-kv/KEY} for a key of the central
   *     store, without its prefix
   */
  public Future<ConfigReport> dryRun(String fileName, String text) {
    if (!isRead(fileName)) {
      return Future.failedFuture(
          new IllegalArgumentException(
              "no file of that name is read; one of " + layers.fileNames()));
    }
    Buffer content = Buffer.buffer(text);
    return worker.run(
        done -> {
          FileSet files = revisions.files().orElseGet(reload::read);
          done.complete(
              revisions.dryRun(
                  layers.fileNames().contains(fileName)
                      ? files.with(fileName, content)
                      : central.with(files, fileName, content)));
        });
  }

  /** Whether it is the name of a file, or of a key in the central store where one is used. */
  public boolean isRead(String fileName) {
    return layers.fileNames().contains(fileName) || central.isKey(fileName);
  }

  private void changed() {
    reload.changed();
  }
}
