package dev.stoa.config;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The revisions that were in force, in memory and on disk. A disk that cannot be written is told of
 * and costs only the memory of it. One thread writes, and may block; any thread reads.
 */
final class RevisionLog {
  private static final Logger LOG = LoggerFactory.getLogger(Configuration.class);

  private final Optional<RevisionStore> store;
  private volatile RevisionIndex index = RevisionIndex.EMPTY;

  /** One that keeps nothing on disk, where there is no store. */
  RevisionLog(Optional<RevisionStore> store) {
    this.store = store;
  }

  /** Takes up what is on disk. */
  void load() {
    index = store.map(RevisionStore::load).orElse(RevisionIndex.EMPTY);
  }

  /** The set that was in force last, where it is whole. */
  Optional<FileSet> lastGood() {
    return index.last().flatMap(this::kept);
  }

  Optional<ConfigRevision> last() {
    return index.last();
  }

  Optional<ConfigStatus.Pin> pin() {
    return index.pin();
  }

  List<ConfigRevision> newestFirst() {
    List<ConfigRevision> revisions = new ArrayList<>(index.revisions());
    Collections.reverse(revisions);
    return revisions;
  }

  /**
   * The files of a revision.
   *
   * @throws NoSuchElementException where it is not kept
   */
  FileSet files(String id) {
    return index
        .find(id)
        .flatMap(this::kept)
        .orElseThrow(() -> new NoSuchElementException("no revision of this name is kept"));
  }

  private Optional<FileSet> kept(ConfigRevision revision) {
    return store.flatMap(there -> there.files(revision.digest()));
  }

  /** A revision comes into force. Whether it is on disk when this returns. */
  boolean add(
      Evaluation.Result<?> result,
      ConfigRevision.Source source,
      Optional<ConfigStatus.Pin> pin,
      Optional<String> by,
      List<ConfigChange> changes) {
    ConfigRevision next =
        new ConfigRevision(
            index.nextNumber(),
            result.files().shortDigest(),
            result.checksum(),
            Instant.now(),
            source,
            by,
            changes,
            0);
    return keep(result.files(), index.with(next, pin));
  }

  /** The revision in force stays, and files count again. */
  void unpin(FileSet inForce) {
    if (index.pin().isPresent()) {
      keep(inForce, index.withoutPin());
    }
  }

  private boolean keep(FileSet inForce, RevisionIndex now) {
    index = now;
    if (store.isEmpty()) {
      return false;
    }
    try {
      store.get().save(inForce, now);
      return true;
    } catch (IOException e) {
      LOG.warn(
          "configuration {} is not kept on disk: {}",
          now.last().map(ConfigRevision::id).orElse(""),
          e.toString());
      return false;
    }
  }
}
