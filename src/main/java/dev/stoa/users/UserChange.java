package dev.stoa.users;

import java.util.Optional;
import java.util.Set;

/** What shall be different about an account, its password apart; what is empty stays. */
record UserChange(Optional<String> username, Optional<String> email, Optional<Set<String>> roles) {

  User appliedTo(User user) {
    return new User(
        user.id(),
        username.orElse(user.username()),
        email.or(user::email),
        roles.orElse(user.roles()),
        user.createdAt());
  }
}
