package dev.stoa.config;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One configuration that was in force.
 *
 * @param number counts on from start to start, as long as the data folder is kept
 * @param digest a hash of the files' content
 * @param checksum a hash of what was in effect, except for what each node has for itself
 * @param loadedAt when it came into force
 * @param by who rolled back; empty for what came from the files
 * @param changes against the revision before, secrets masked; at most {@link #MAX_CHANGES}
 * @param leftOff how many more there were
 */
public record ConfigRevision(
    int number,
    String digest,
    String checksum,
    Instant loadedAt,
    Source source,
    Optional<String> by,
    List<ConfigChange> changes,
    int leftOff) {

  /** How many changes of one revision are kept. */
  public static final int MAX_CHANGES = 200;

  /** What brought a revision into force. */
  public enum Source {
    /** The start of the process. */
    START,
    /** A change of what is read. */
    FILES,
    /** An operator, by the admin API. */
    ROLLBACK
  }

  public ConfigRevision {
    leftOff += Math.max(0, changes.size() - MAX_CHANGES);
    changes = List.copyOf(changes.subList(0, Math.min(changes.size(), MAX_CHANGES)));
  }

  /** What it is called: {@code 3-9f86d081}. */
  public String id() {
    return number + "-" + digest.substring(0, 8);
  }
}
