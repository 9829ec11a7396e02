package dev.stoa.config;

import java.util.List;
import java.util.stream.Collectors;

/** There is no configuration to start with; the message lists everything that is wrong. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigError> errors;

  public ConfigException(List<ConfigError> errors) {
    super(
        errors.stream()
            .map(ConfigError::toString)
            .collect(Collectors.joining("\n  ", "the configuration is not usable:\n  ", "")));
    this.errors = List.copyOf(errors);
  }

  public List<ConfigError> errors() {
    return errors;
  }
}
