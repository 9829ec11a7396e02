package dev.stoa.users;

/** An account and what proves its password. */
record Credentials(User user, String passwordHash) {
  /** Without the hash: it has no business in a log. */
  @Override
  public String toString() {
    return "Credentials[" + user.id() + "]";
  }
}
