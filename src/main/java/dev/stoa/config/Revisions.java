package dev.stoa.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revision in force and the rules by which another takes its place: all or nothing. One thread
 * writes, and may block; any thread reads.
 */
final class Revisions<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  private final Path directory;
  private final List<String> fileNames;
  private final Evaluation<T> evaluation;
  private final RevisionLog log;
  private final BiFunction<T, T, List<String>> restartNeeded;
  private final RevisionNews<T> news = new RevisionNews<>();
  private final LongAdder refused = new LongAdder();
  private volatile InForce<T> running;
  private T first;

  Revisions(
      ConfigLayers layers,
      Evaluation<T> evaluation,
      RevisionLog log,
      BiFunction<T, T, List<String>> restartNeeded) {
    this.directory = layers.directory();
    this.fileNames = layers.fileNames();
    this.evaluation = evaluation;
    this.log = log;
    this.restartNeeded = restartNeeded;
  }

  T value() {
    return started().value();
  }

  ConfigStatus status() {
    return started().status();
  }

  /** All layers merged, secrets masked. */
  JsonObject effective() {
    return Secrets.mask(started().tree().plain());
  }

  List<ConfigRevision> history() {
    return log.newestFirst();
  }

  private InForce<T> started() {
    InForce<T> now = running;
    if (now == null) {
      throw new IllegalStateException("the configuration has not been started");
    }
    return now;
  }

  /** How often one was refused. */
  long refused() {
    return refused.sum();
  }

  /** Who hears of what comes into force. */
  RevisionNews<T> news() {
    return news;
  }

  /** Takes up what is on disk: for one call, before the start. */
  void load() {
    log.load();
  }

  /** The files that were in force last, in this process or the one before. */
  Optional<FileSet> lastGood() {
    return log.lastGood();
  }

  boolean isStarted() {
    return running != null;
  }

  /**
   * Starts with these files, or with those that an operator rolled back to in the face of these. If
   * they are bad: where they may not have been {@code settled} yet answers false, else starts with
   * the last good ones, and without those fails.
   */
  boolean start(FileSet files, boolean settled) {
    Optional<FileSet> kept = log.lastGood();
    if (startPinned(kept, files)) {
      return true;
    }
    List<ConfigError> truncated =
        kept.map(good -> files.truncatedSince(good, directory)).orElse(List.of());
    Evaluation.Result<T> result = evaluation.of(files, truncated);
    if (result.valid()) {
      List<ConfigChange> changes =
          kept.filter(good -> !good.equals(files))
              .map(good -> TreeDiff.between(evaluation.tree(good), result.tree()))
              .orElse(List.of());
      begin(result, changes);
      LOG.info("configuration {} in force, from {}", revision(), directory);
    } else if (settled) {
      fallBack(kept, files, result.errors());
    }
    return result.valid() || settled;
  }

  private boolean startPinned(Optional<FileSet> kept, FileSet files) {
    Optional<Evaluation.Result<T>> pinned =
        log.pin()
            .filter(pin -> pin.judges(files))
            .flatMap(pin -> kept)
            .map(good -> evaluation.of(good, List.of()))
            .filter(Evaluation.Result::valid);
    pinned.ifPresent(
        result -> {
          resume(result, log.pin());
          running = running.with(files, running.status());
          LOG.warn(
              "configuration {} in force, to which {} rolled back; the files in {} wait for a change",
              revision(),
              log.pin().get().by(),
              directory);
        });
    return pinned.isPresent();
  }

  private void fallBack(Optional<FileSet> kept, FileSet files, List<ConfigError> errors) {
    resume(
        kept.map(good -> evaluation.of(good, List.of()))
            .filter(Evaluation.Result::valid)
            .orElseThrow(() -> new ConfigException(errors)),
        log.pin());
    refuse(files, errors);
    LOG.error("configuration refused, the last good one, {}, starts: {}", revision(), errors);
  }

  /** Whether these files have been judged already. */
  boolean knows(FileSet files) {
    return files.equals(started().judged());
  }

  /** Puts these files into force, or refuses them and says why. */
  void apply(FileSet files) {
    InForce<T> before = started();
    if (knows(files)) {
      return;
    }
    if (files.equals(before.files())) {
      running = before.with(files, before.status().healthyAgain());
      log.unpin(files);
      LOG.info("configuration is healthy again, {} stays in force", revision());
      return;
    }
    if (before.status().pin().filter(pin -> pin.judges(files)).isPresent()) {
      running = before.with(files, before.status().pinnedStill());
      return;
    }
    // Of what was on disk and is in force; or, after a rollback, of what the operator sees there.
    FileSet known = before.status().pin().isPresent() ? before.judged() : before.files();
    List<ConfigError> damage = new ArrayList<>(files.truncatedSince(known, directory));
    damage.addAll(files.vanishedSince(known, directory, fileNames));
    Evaluation.Result<T> result = evaluation.of(files, damage);
    if (result.valid()) {
      install(result, ConfigRevision.Source.FILES, Optional.empty(), Optional.empty());
      news.changed(before, running);
    } else {
      refuse(files, result.errors());
      if (!result.errors().equals(before.status().errors())) {
        LOG.error("configuration refused, {} stays in force: {}", revision(), result.errors());
      }
    }
  }

  /**
   * Puts an earlier revision into force again. What is on disk does not count any more until it is
   * something else, and good.
   *
   * @return whether this would survive a crash
   * @throws java.util.NoSuchElementException where the revision is not kept
   * @throws ConfigException where it is not valid any more
   */
  boolean rollBack(String id, String by, FileSet onDisk) {
    InForce<T> before = started();
    Evaluation.Result<T> result = evaluation.of(log.files(id), List.of());
    if (!result.valid()) {
      throw new ConfigException(result.errors());
    }
    Optional<ConfigStatus.Pin> pin =
        onDisk.equals(result.files())
            ? Optional.empty()
            : Optional.of(new ConfigStatus.Pin(Instant.now(), by, onDisk.shortDigest()));
    boolean kept = install(result, ConfigRevision.Source.ROLLBACK, pin, Optional.of(by));
    running = running.with(onDisk, status());
    LOG.warn("{} rolled the configuration back to {}, as {}", by, id, revision());
    news.changed(before, running);
    return kept;
  }

  /** Those in force; empty before the start. */
  Optional<FileSet> files() {
    return Optional.ofNullable(running).map(InForce::files);
  }

  /** What would come of these files. */
  ConfigReport dryRun(FileSet files) {
    InForce<T> now = running;
    Evaluation.Result<T> result = evaluation.of(files, List.of());
    boolean comparable = now != null && result.valid();
    return new ConfigReport(
        result.errors(),
        result.warnings(),
        now == null ? List.of() : TreeDiff.between(now.tree(), result.tree()),
        comparable ? restartNeeded.apply(first, result.value()) : List.of(),
        Secrets.mask(result.tree().plain()));
  }

  /** What rolling back from one to the other would change, as far as it can be told now. */
  List<ConfigChange> diff(String from, String to) {
    return TreeDiff.between(evaluation.tree(log.files(from)), evaluation.tree(log.files(to)));
  }

  /** At a start: the revision of the last process, if it is still that. */
  private void begin(Evaluation.Result<T> result, List<ConfigChange> changes) {
    boolean same =
        log.last()
            .filter(last -> last.digest().equals(result.files().shortDigest()))
            .filter(last -> last.checksum().equals(result.checksum()))
            .isPresent();
    if (same) {
      log.unpin(result.files());
    } else {
      log.add(result, ConfigRevision.Source.START, Optional.empty(), Optional.empty(), changes);
    }
    resume(result, Optional.empty());
  }

  private boolean install(
      Evaluation.Result<T> result,
      ConfigRevision.Source source,
      Optional<ConfigStatus.Pin> pin,
      Optional<String> by) {
    boolean kept =
        log.add(result, source, pin, by, TreeDiff.between(running.tree(), result.tree()));
    resume(result, pin);
    return kept;
  }

  /** The last revision of the log comes into force. */
  private void resume(Evaluation.Result<T> result, Optional<ConfigStatus.Pin> pin) {
    InForce<T> before = running;
    Instant now = Instant.now();
    if (before == null) {
      first = result.value();
      news.started(first);
    }
    ConfigStatus status =
        new ConfigStatus(
            log.last().orElseThrow().id(),
            result.checksum(),
            now,
            false,
            before == null || before.status().stale() ? now : before.status().since(),
            List.of(),
            result.warnings(),
            restartNeeded.apply(first, result.value()),
            pin);
    FileSet files = result.files();
    running = new InForce<>(result.value(), files, result.tree(), files, status);
    List<ConfigWarning> known = before == null ? List.of() : before.status().warnings();
    Stream<ConfigWarning> warnings = status.warnings().stream();
    warnings.filter(w -> !known.contains(w)).forEach(w -> LOG.warn("configuration: {}", w));
  }

  private void refuse(FileSet files, List<ConfigError> errors) {
    refused.increment();
    running = running.with(files, running.status().refused(errors));
  }

  private String revision() {
    return status().revision();
  }
}
