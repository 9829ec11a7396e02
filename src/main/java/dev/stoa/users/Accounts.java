package dev.stoa.users;

import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.service.PageRequest;
import dev.stoa.service.Uuid7;
import dev.stoa.service.Work;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What can be done with accounts, and by whom. Who may not touch an account learns nothing about
 * it, not even whether it exists.
 */
final class Accounts {
  private final UserRepository users;
  private final PasswordHasher hasher;
  private final Uuid7 ids;
  private final InstantSource clock;

  Accounts(UserRepository users, PasswordHasher hasher, Uuid7 ids, InstantSource clock) {
    this.users = users;
    this.hasher = hasher;
    this.ids = ids;
    this.clock = clock;
  }

  Future<User> create(
      String username, Password password, Optional<String> email, Set<String> roles) {
    return add(ids.next(), username, password, email, roles);
  }

  /** The same for work that may have been done already; the account then is as it was made. */
  Future<User> create(
      Work work, String username, Password password, Optional<String> email, Set<String> roles) {
    Future<Optional<User>> made =
        work.again() ? users.find(work.id()) : Future.succeededFuture(Optional.empty());
    return made.compose(
        found ->
            found
                .map(Future::succeededFuture)
                .orElseGet(() -> add(work.id(), username, password, email, roles)));
  }

  private Future<User> add(
      String id, String username, Password password, Optional<String> email, Set<String> roles) {
    return hasher
        .hash(password)
        .compose(
            hash -> {
              Instant now = Instant.ofEpochMilli(clock.millis());
              return users.insert(new User(id, username, email, roles, now), hash);
            });
  }

  /** Who it is that knows this password; BAD_CREDENTIALS after the same time in any case. */
  Future<User> logIn(String username, Password password) {
    return users
        .credentialsByName(username)
        .compose(
            found ->
                found
                    .map(known -> hasher.verify(known.passwordHash(), password))
                    .orElseGet(() -> hasher.verifyNoOnes(password))
                    .map(right -> found.filter(known -> right)))
        .map(
            proven ->
                proven
                    .map(Credentials::user)
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                ProblemType.BAD_CREDENTIALS,
                                "No user has this username and this password.")));
  }

  Future<List<User>> page(PageRequest page) {
    return users.page(page);
  }

  Future<User> read(Identity caller, String id) {
    if (!caller.mayActFor(id)) {
      return forbidden("You may read your own account only.");
    }
    return users.find(id).map(found -> found.orElseThrow(UserRepository::notFound));
  }

  Future<User> change(Identity caller, String id, UserChange change, PasswordChange password) {
    if (!owns(caller, id)) {
      return forbidden("You may change your own account only.");
    }
    if (change.roles().isPresent() && !caller.isAdmin()) {
      return forbidden("Only an admin may change roles.");
    }
    return newHash(caller, id, password).compose(hash -> users.update(id, change::appliedTo, hash));
  }

  Future<Void> delete(Identity caller, String id) {
    return owns(caller, id) ? users.delete(id) : forbidden("You may delete your own account only.");
  }

  private static boolean owns(Identity caller, String id) {
    return caller.isAdmin() || caller.userId().equals(id);
  }

  private Future<Optional<String>> newHash(Identity caller, String id, PasswordChange password) {
    if (password.next().isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    Future<Void> allowed = caller.isAdmin() ? Future.succeededFuture() : proven(id, password);
    return allowed.compose(yes -> hasher.hash(password.next().get())).map(Optional::of);
  }

  private Future<Void> proven(String id, PasswordChange password) {
    if (password.current().isEmpty()) {
      throw ProblemException.invalid("current_password", "is needed to change the password");
    }
    return users
        .credentialsById(id)
        .map(found -> found.orElseThrow(UserRepository::notFound))
        .compose(known -> hasher.verify(known.passwordHash(), password.current().get()))
        .compose(
            right ->
                right
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new ProblemException(
                                ProblemType.FORBIDDEN, "The current password is wrong.")
                            .withErrors(List.of(new FieldError("current_password", "is wrong")))));
  }

  private static <T> Future<T> forbidden(String detail) {
    return Future.failedFuture(new ProblemException(ProblemType.FORBIDDEN, detail));
  }
}
