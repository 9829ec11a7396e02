package dev.stoa.config;

/**
 * Something in the configuration that deserves an operator's look but refuses nothing.
 *
 * @param file the layer it came from, as in {@link ConfigError}
 * @param path the dotted key
 * @param message what is odd about it; never a secret's value
 */
public record ConfigWarning(String file, String path, String message) {
  @Override
  public String toString() {
    return file + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
