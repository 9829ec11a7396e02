package dev.stoa.service;

import java.util.Objects;
import java.util.Set;

/**
 * Who calls, as proven by a verified token and by nothing else.
 *
 * @param userId the user's id; for a service its name
 * @param roles {@code customer}, {@code admin}; {@code service} for a service of this system
 */
public record Identity(String userId, String username, Set<String> roles) {
  public static final String ADMIN = "admin";
  public static final String CUSTOMER = "customer";

  /** The role of services calling each other; never given to a user. */
  public static final String SERVICE = "service";

  public Identity {
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(username, "username");
    roles = Set.copyOf(roles);
  }

  public boolean has(String role) {
    return roles.contains(role);
  }

  public boolean isAdmin() {
    return has(ADMIN);
  }

  public boolean isService() {
    return has(SERVICE);
  }

  /** Whether this caller may act for that user: the user itself, an admin, or a service. */
  public boolean mayActFor(String otherUserId) {
    return userId.equals(otherUserId) || isAdmin() || isService();
  }
}
