package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the databases are.
 *
 * @param directory the folder of the embedded databases, one file per service
 */
public record DatabaseConfig(Path directory) {
  public DatabaseConfig {
    Objects.requireNonNull(directory, "directory");
  }

  /** Reads {@code database}; the folder is the data directory. */
  public static DatabaseConfig from(ConfigReader root, Path dataDirectory) {
    String url = root.string("database.url", "sqlite");
    if (!url.equals("sqlite")) {
      root.error("database.url", "sqlite");
    }
    return new DatabaseConfig(dataDirectory);
  }
}
