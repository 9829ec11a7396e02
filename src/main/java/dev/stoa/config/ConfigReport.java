package dev.stoa.config;

import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a configuration would do, found out without applying it.
 *
 * @param errors why it would be refused
 * @param warnings what is odd about it
 * @param changed keys that differ from the configuration in force; empty where none is
 * @param restartNeeded keys whose new values would need a restart
 * @param effective all layers merged, secrets masked; for people's eyes
 */
public record ConfigReport(
    List<ConfigError> errors,
    List<ConfigWarning> warnings,
    List<String> changed,
    List<String> restartNeeded,
    JsonObject effective) {

  public ConfigReport {
    errors = List.copyOf(errors);
    warnings = List.copyOf(warnings);
    changed = List.copyOf(changed);
    restartNeeded = List.copyOf(restartNeeded);
  }

  /** Whether it would be accepted. */
  public boolean valid() {
    return errors.isEmpty();
  }
}
