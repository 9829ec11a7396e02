package dev.stoa.config;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the running configuration stands; immutable.
 *
 * @param revision the revision in force: a number that counts on from start to start and a hash of
 *     the files' content ({@code 3-9f86d081})
 * @param checksum a hash of what is in effect, except for what each node has for itself: the same
 *     on nodes that go by the same rules
 * @param loadedAt when this revision came into force in this process
 * @param stale whether the newest configuration was refused, so that an older one goes on
 * @param since since when it has been stale, or healthy
 * @param errors why the newest configuration was refused; empty unless stale
 * @param warnings what is odd about the revision in force
 * @param restartNeeded keys whose new values come into force only with a restart
 * @param pin while an operator's rollback goes before the files
 */
public record ConfigStatus(
    String revision,
    String checksum,
    Instant loadedAt,
    boolean stale,
    Instant since,
    List<ConfigError> errors,
    List<ConfigWarning> warnings,
    List<String> restartNeeded,
    Optional<Pin> pin) {

  /**
   * A rollback that holds until other files, good ones, come: those that are there have been judged
   * by an operator.
   *
   * @param against the hash of the files that do not count
   */
  public record Pin(Instant since, String by, String against) {

    /** Whether it is these files that do not count. */
    boolean judges(FileSet files) {
      return files.errors().isEmpty() && against.equals(files.shortDigest());
    }
  }

  public ConfigStatus {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    restartNeeded = List.copyOf(restartNeeded);
  }

  /** Where what is in force comes from: {@code files, last_good, rollback}. */
  public String source() {
    return pin.isPresent() ? "rollback" : stale ? "last_good" : "files";
  }

  ConfigStatus refused(List<ConfigError> why) {
    Instant staleSince = stale ? since : Instant.now();
    return new ConfigStatus(
        revision, checksum, loadedAt, true, staleSince, why, warnings, restartNeeded, pin);
  }

  /** The files are those in force. */
  ConfigStatus healthyAgain() {
    return healthy(Optional.empty());
  }

  /** The files are those that an operator has judged. */
  ConfigStatus pinnedStill() {
    return healthy(pin);
  }

  private ConfigStatus healthy(Optional<Pin> now) {
    Instant healthySince = stale ? Instant.now() : since;
    return new ConfigStatus(
        revision, checksum, loadedAt, false, healthySince, List.of(), warnings, restartNeeded, now);
  }
}
