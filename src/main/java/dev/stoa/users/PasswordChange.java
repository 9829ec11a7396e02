package dev.stoa.users;

import java.util.Optional;

/**
 * A new password.
 *
 * @param next empty where the password stays
 * @param current proves that it is the owner who asks
 */
record PasswordChange(Optional<Password> next, Optional<Password> current) {}
