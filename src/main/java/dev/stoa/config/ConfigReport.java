package dev.stoa.config;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a configuration would do, found out without applying it.
 *
 * @param errors why it would be refused
 * @param warnings what is odd about it
 * @param changes keys that differ from the configuration in force, secrets masked; empty where none
 *     is
 * @param restartNeeded keys whose new values would need a restart
 * @param effective all layers merged, secrets masked; for people's eyes
 */
public record ConfigReport(
    List<ConfigError> errors,
    List<ConfigWarning> warnings,
    List<ConfigChange> changes,
    List<String> restartNeeded,
    JsonObject effective) {

  public ConfigReport {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    changes = List.copyOf(changes);
    restartNeeded = List.copyOf(restartNeeded);
  }

  /** The keys that differ. */
  public List<String> changed() {
    return changes.stream().map(ConfigChange::path).toList();
  }

  /** Whether it would be accepted. */
  public boolean valid() {
    return errors.isEmpty();
  }
}
