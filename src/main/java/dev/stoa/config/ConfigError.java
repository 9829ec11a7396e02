package dev.stoa.config;

/**
 * One thing wrong with the configuration.
 *
 * @param file the layer it came from: {@code conf/routes.yaml:12}, {@code environment}, {@code
 *     command line}
 * @param path the dotted key: {@code routes[0].rate_limit}; empty where the whole file is meant
 * @param expected what should stand there
 * @param found what stands there, masked where the key is a secret's
 */
public record ConfigError(String file, String path, String expected, String found) {
  @Override
  public String toString() {
    return file
        + ": "
        + (path.isEmpty() ? "" : path + ": ")
        + "expected "
        + expected
        + ", found "
        + found;
  }
}
