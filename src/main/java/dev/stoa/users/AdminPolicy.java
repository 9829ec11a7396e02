package dev.stoa.users;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * What to do at start while no admin exists.
 *
 * @param announcement gets the generated password of the new admin; empty where a password must be
 *     configured and is never generated
 */
public record AdminPolicy(Optional<Consumer<NewAdmin>> announcement) {

  /** The admin that was just made; the password is kept nowhere else. */
  public record NewAdmin(String username, String password) {
    @Override
    public String toString() {
      return "NewAdmin[" + username + "]";
    }
  }

  /** Makes one with a generated password unless one is configured: for development. */
  public static AdminPolicy generate(Consumer<NewAdmin> announcement) {
    return new AdminPolicy(Optional.of(announcement));
  }

  /** Makes one only with a configured password: for production. */
  public static AdminPolicy configuredOnly() {
    return new AdminPolicy(Optional.empty());
  }
}
