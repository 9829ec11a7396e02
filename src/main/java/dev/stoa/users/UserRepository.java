package dev.stoa.users;

import dev.stoa.persistence.Database;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Sql;
import dev.stoa.persistence.UniqueViolation;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.service.PageRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** The accounts in the database. */
final class UserRepository {
  private static final String ADMINS = "roles LIKE '%" + Identity.ADMIN + "%'";

  private final Database database;

  UserRepository(Database database) {
    this.database = database;
  }

  /** Adds an account; USERNAME_TAKEN where the name is another's, in any case. */
  Future<User> insert(User user, String passwordHash) {
    return database
        .run(
            """
            INSERT INTO users
              (user_id, username, username_folded, email, roles, password_hash, created_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            user.id(),
            user.username(),
            folded(user.username()),
            user.email().orElse(null),
            written(user.roles()),
            passwordHash,
            user.createdAt())
        .map(user)
        .recover(UserRepository::taken);
  }

  Future<Optional<User>> find(String id) {
    return database
        .read("SELECT * FROM users WHERE user_id = $1", id)
        .map(rows -> rows.first(UserRepository::user));
  }

  Future<Optional<Credentials>> credentialsById(String id) {
    return credentials("user_id", id);
  }

  Future<Optional<Credentials>> credentialsByName(String username) {
    return credentials("username_folded", folded(username));
  }

  private Future<Optional<Credentials>> credentials(String column, String key) {
    return database
        .read("SELECT * FROM users WHERE " + column + " = $1", key)
        .map(rows -> rows.first(row -> new Credentials(user(row), row.text("password_hash"))));
  }

  Future<List<User>> page(PageRequest page) {
    return database
        .read(
            "SELECT * FROM users WHERE user_id > $1 ORDER BY user_id LIMIT $2",
            page.after().orElse(""),
            page.fetch())
        .map(rows -> rows.map(UserRepository::user));
  }

  Future<Boolean> hasAdmin() {
    return database
        .read("SELECT user_id FROM users WHERE " + ADMINS + " LIMIT 1")
        .map(rows -> !rows.isEmpty());
  }

  /**
   * Changes an account in one transaction; NOT_FOUND, USERNAME_TAKEN, or CONFLICT where no admin
   * would be left.
   */
  Future<User> update(String id, UnaryOperator<User> change, Optional<String> passwordHash) {
    return database
        .transaction(
            sql ->
                inTransaction(sql, id)
                    .compose(
                        before -> {
                          User after = change.apply(before);
                          return keepingAnAdmin(sql, before, after.roles())
                              .compose(kept -> write(sql, after, passwordHash))
                              .map(after);
                        }))
        .recover(UserRepository::taken);
  }

  /** Removes an account; NOT_FOUND, or CONFLICT for the last admin. */
  Future<Void> delete(String id) {
    return database.transaction(
        sql ->
            inTransaction(sql, id)
                .compose(user -> keepingAnAdmin(sql, user, Set.of()))
                .compose(kept -> sql.run("DELETE FROM users WHERE user_id = $1", id))
                .mapEmpty());
  }

  private static Future<User> inTransaction(Sql sql, String id) {
    return sql.run("SELECT * FROM users WHERE user_id = $1", id)
        .map(rows -> rows.first(UserRepository::user).orElseThrow(UserRepository::notFound));
  }

  private static Future<Void> keepingAnAdmin(Sql sql, User user, Set<String> rolesAfter) {
    if (!user.roles().contains(Identity.ADMIN) || rolesAfter.contains(Identity.ADMIN)) {
      return Future.succeededFuture();
    }
    return sql.run(
            "SELECT user_id FROM users WHERE user_id <> $1 AND " + ADMINS + " LIMIT 1", user.id())
        .compose(
            others ->
                others.isEmpty()
                    ? Future.failedFuture(
                        new ProblemException(
                            ProblemType.CONFLICT, "This is the last admin; one has to stay."))
                    : Future.succeededFuture());
  }

  private static Future<Void> write(Sql sql, User user, Optional<String> passwordHash) {
    return sql.run(
            """
            UPDATE users
            SET username = $2, username_folded = $3, email = $4, roles = $5,
                password_hash = COALESCE($6, password_hash)
            WHERE user_id = $1""",
            user.id(),
            user.username(),
            folded(user.username()),
            user.email().orElse(null),
            written(user.roles()),
            passwordHash.orElse(null))
        .mapEmpty();
  }

  static ProblemException notFound() {
    return new ProblemException(ProblemType.NOT_FOUND, "There is no such user.");
  }

  private static <T> Future<T> taken(Throwable failure) {
    return Future.failedFuture(
        failure instanceof UniqueViolation
            ? new ProblemException(ProblemType.USERNAME_TAKEN, "Please choose another username.")
                .withErrors(List.of(new FieldError("username", "is taken")))
            : failure);
  }

  private static User user(Row row) {
    return new User(
        row.text("user_id"),
        row.text("username"),
        Optional.ofNullable(row.text("email")),
        Set.of(row.text("roles").split(" ")),
        row.instant("created_at"));
  }

  private static String written(Set<String> roles) {
    return String.join(" ", new TreeSet<>(roles));
  }

  private static String folded(String username) {
    return username.toLowerCase(Locale.ROOT);
  }
}
