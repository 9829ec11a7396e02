package dev.stoa.users;

import dev.stoa.config.ConfigReader;
import java.util.Optional;

/**
 * What can be configured of the user service: {@code users}.
 *
 * @param hashingQueue how many passwords may wait to be hashed before callers are refused
 * @param adminUsername the name of the first admin
 * @param adminPassword the first admin's password, if configured
 */
public record UsersConfig(int hashingQueue, String adminUsername, Optional<String> adminPassword) {
  private static final String USERNAME = "[A-Za-z0-9._@+-]{3,64}";
  private static final int DEFAULT_QUEUE = 64;

  public static UsersConfig from(ConfigReader root) {
    ConfigReader own = root.section("users");
    String username = own.string("bootstrap_admin.username", "admin");
    if (!username.matches(USERNAME)) {
      own.error("bootstrap_admin.username", "3 to 64 letters, digits or . _ @ + -");
    }
    Optional<String> password = own.string("bootstrap_admin.password");
    if (password.filter(text -> text.length() < 8 || text.length() > 128).isPresent()) {
      own.error("bootstrap_admin.password", "8 to 128 characters");
    }
    return new UsersConfig(
        own.integer("password_hashing.queue", DEFAULT_QUEUE, 0, 10_000), username, password);
  }

  @Override
  public String toString() {
    return "UsersConfig[hashingQueue=" + hashingQueue + ", adminUsername=" + adminUsername + "]";
  }
}
