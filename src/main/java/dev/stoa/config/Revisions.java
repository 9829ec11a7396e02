package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revision in force and the rules by which another takes its place: all or nothing. One thread
 * writes, and may block; any thread reads.
 */
final class Revisions<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);
  private static final int MAX_KEYS_LOGGED = 20;

  /** {@code judged} are the newest files: those in force, or others that were refused. */
  private record Running<T>(
      T value, FileSet files, Node.Mapping tree, FileSet judged, ConfigStatus status) {}

  private final Path directory;
  private final Evaluation<T> evaluation;
  private final LastGood lastGood;
  private final BiFunction<T, T, List<String>> restartNeeded;
  private final List<Consumer<T>> listeners = new CopyOnWriteArrayList<>();
  private volatile Running<T> running;
  private T first;
  private int sequence;

  Revisions(
      Path directory,
      Evaluation<T> evaluation,
      LastGood lastGood,
      BiFunction<T, T, List<String>> restartNeeded) {
    this.directory = directory;
    this.evaluation = evaluation;
    this.lastGood = lastGood;
    this.restartNeeded = restartNeeded;
  }

  T value() {
    return started().value;
  }

  ConfigStatus status() {
    return started().status;
  }

  private Running<T> started() {
    Running<T> now = running;
    if (now == null) {
      throw new IllegalStateException("the configuration has not been started");
    }
    return now;
  }

  void onChange(Consumer<T> listener) {
    listeners.add(listener);
  }

  /**
   * Starts with these files. If they are bad: where they may not have been {@code settled} yet
   * answers false, else starts with the last good ones, and without those fails.
   */
  boolean start(FileSet files, boolean settled) {
    Optional<FileSet> kept = lastGood.load();
    List<ConfigError> truncated =
        kept.map(good -> files.truncatedSince(good, directory)).orElse(List.of());
    Evaluation.Result<T> result = evaluation.of(files, truncated);
    if (result.valid()) {
      install(result);
      LOG.info("configuration {} in force, from {}", status().revision(), directory);
    } else if (settled) {
      fallBack(kept, files, result.errors());
    }
    return result.valid() || settled;
  }

  private void fallBack(Optional<FileSet> kept, FileSet files, List<ConfigError> errors) {
    install(
        kept.map(good -> evaluation.of(good, List.of()))
            .filter(Evaluation.Result::valid)
            .orElseThrow(() -> new ConfigException(errors)));
    refuse(files, errors);
    LOG.error("configuration refused, the last good one, {}, starts: {}", revision(), errors);
  }

  /** Whether these files have been judged already. */
  boolean knows(FileSet files) {
    return files.equals(started().judged);
  }

  /** Puts these files into force, or refuses them and says why. */
  void apply(FileSet files) {
    Running<T> before = started();
    if (knows(files)) {
      return;
    }
    if (files.equals(before.files)) {
      running =
          new Running<>(before.value, files, before.tree, files, before.status.healthyAgain());
      LOG.info("configuration is healthy again, {} stays in force", revision());
      return;
    }
    List<ConfigError> damage = new ArrayList<>(files.truncatedSince(before.files, directory));
    damage.addAll(files.vanishedSince(before.files, directory));
    Evaluation.Result<T> result = evaluation.of(files, damage);
    if (result.valid()) {
      install(result);
      announce(before);
    } else {
      refuse(files, result.errors());
      if (!result.errors().equals(before.status.errors())) {
        LOG.error("configuration refused, {} stays in force: {}", revision(), result.errors());
      }
    }
  }

  /** What would come of the files with another text in one of them, or of what is on disk. */
  ConfigReport dryRun(FileSet onDisk, String name, String text) {
    Running<T> now = running;
    FileSet base = now == null || name == null ? onDisk : now.files;
    FileSet files = name == null ? base : base.with(name, Buffer.buffer(text));
    Evaluation.Result<T> result = evaluation.of(files, List.of());
    boolean comparable = now != null && result.valid();
    return new ConfigReport(
        result.errors(),
        result.warnings(),
        now == null ? List.of() : TreeDiff.between(now.tree, result.tree()),
        comparable ? restartNeeded.apply(first, result.value()) : List.of(),
        Secrets.mask(result.tree().plain()));
  }

  private void install(Evaluation.Result<T> result) {
    Running<T> before = running;
    Instant now = Instant.now();
    if (before == null) {
      first = result.value();
    }
    ConfigStatus status =
        new ConfigStatus(
            ++sequence + "-" + result.files().shortDigest().substring(0, 8),
            now,
            false,
            before == null || before.status.stale() ? now : before.status.since(),
            List.of(),
            result.warnings(),
            restartNeeded.apply(first, result.value()));
    FileSet files = result.files();
    running = new Running<>(result.value(), files, result.tree(), files, status);
    List<ConfigWarning> known = before == null ? List.of() : before.status.warnings();
    Stream<ConfigWarning> warnings = status.warnings().stream();
    warnings.filter(w -> !known.contains(w)).forEach(w -> LOG.warn("configuration: {}", w));
    try {
      lastGood.save(files);
    } catch (IOException e) {
      LOG.warn(
          "configuration {} is not kept as the last good one: {}", status.revision(), e.toString());
    }
  }

  private void refuse(FileSet files, List<ConfigError> errors) {
    Running<T> now = running;
    running = new Running<>(now.value, now.files, now.tree, files, now.status.refused(errors));
  }

  private void announce(Running<T> before) {
    ConfigStatus now = status();
    List<String> changed = TreeDiff.between(before.tree, running.tree);
    String keys = changed.stream().limit(MAX_KEYS_LOGGED).collect(Collectors.joining(", "));
    String more = changed.size() > MAX_KEYS_LOGGED ? ", …" : "";
    String health = before.status.stale() ? " and healthy again" : "";
    LOG.info("configuration {} in force{}, changed: {}{}", now.revision(), health, keys, more);
    if (!now.restartNeeded().equals(before.status.restartNeeded())) {
      boolean needed = !now.restartNeeded().isEmpty();
      LOG.warn("restart {}", needed ? "needed for " + now.restartNeeded() : "no longer needed");
    }
    for (Consumer<T> listener : listeners) {
      try {
        listener.accept(value());
      } catch (RuntimeException e) {
        LOG.error("a listener failed on configuration {}", now.revision(), e);
      }
    }
  }

  private String revision() {
    return status().revision();
  }
}
