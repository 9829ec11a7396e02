package dev.stoa.persistence;

import dev.stoa.config.ConfigReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Where the databases are.
 *
 * @param directory the folder of the embedded databases, one file per service
 */
public record DatabaseConfig(Path directory) {
  private static final String EMBEDDED = "sqlite";
  private static final List<String> SERVER_KEYS =
      List.of("host", "port", "name", "user", "password");

  public DatabaseConfig {
    Objects.requireNonNull(directory, "directory");
  }

  /**
   * Reads {@code database}, which is {@code sqlite}: as it stands or as its {@code url}. A server
   * is refused rather than passed over in silence.
   *
   * @param dataDirectory the folder of the embedded databases
   */
  public static DatabaseConfig from(ConfigReader root, Path dataDirectory) {
    boolean plain = root.value("database").filter(String.class::isInstance).isPresent();
    String key = plain ? "database" : "database.url";
    if (!root.string(key, EMBEDDED).equals(EMBEDDED)) {
      root.error(key, EMBEDDED + " (database servers are not supported yet)");
    }
    if (!plain) {
      for (String server : SERVER_KEYS) {
        if (root.has("database." + server)) {
          root.error("database." + server, "no such key (database servers are not supported yet)");
        }
      }
    }
    return new DatabaseConfig(dataDirectory);
  }
}
