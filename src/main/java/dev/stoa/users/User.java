package dev.stoa.users;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** An account, without its password. */
record User(
    String id, String username, Optional<String> email, Set<String> roles, Instant createdAt) {
  User {
    roles = Set.copyOf(roles);
  }
}
