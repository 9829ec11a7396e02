package dev.stoa.config;

import java.time.Instant;
import java.util.List;

/**
 * How the running configuration stands; immutable.
 *
 * @param revision the revision in force: a sequence number of this process and a hash of the files'
 *     content ({@code 3-9f86d081})
 * @param loadedAt when this revision came into force
 * @param stale whether the newest configuration was refused, so that an older one goes on
 * @param since since when it has been stale, or healthy
 * @param errors why the newest configuration was refused; empty unless stale
 * @param warnings what is odd about the revision in force
 * @param restartNeeded keys whose new values come into force only with a restart
 */
public record ConfigStatus(
    String revision,
    Instant loadedAt,
    boolean stale,
    Instant since,
    List<ConfigError> errors,
    List<ConfigWarning> warnings,
    List<String> restartNeeded) {

  public ConfigStatus {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    restartNeeded = List.copyOf(restartNeeded);
  }

  ConfigStatus refused(List<ConfigError> why) {
    Instant staleSince = stale ? since : Instant.now();
    return new ConfigStatus(revision, loadedAt, true, staleSince, why, warnings, restartNeeded);
  }

  ConfigStatus healthyAgain() {
    return new ConfigStatus(
        revision, loadedAt, false, Instant.now(), List.of(), warnings, restartNeeded);
  }
}
