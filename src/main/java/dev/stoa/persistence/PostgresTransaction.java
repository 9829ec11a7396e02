package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.function.Function;

/**
 * The statements of one transaction. After one that failed the server takes no others, and a COMMIT
 * would silently roll back: so the first failure is that of the whole transaction, whatever the
 * work makes of it.
 */
final class PostgresTransaction implements Sql {
  private final SqlConnection connection;
  private final PostgresFailures failures;
  private Throwable failure;
  private boolean ended;

  PostgresTransaction(SqlConnection connection, PostgresFailures failures) {
    this.connection = connection;
    this.failures = failures;
  }

  <T> Future<T> perform(Function<Sql, Future<T>> work) {
    return Future.<Void>succeededFuture()
        .compose(now -> work.apply(this))
        .transform(
            (result, cause) -> {
              ended = true;
              if (failure != null && (cause == null || PostgresFailures.isConflict(failure))) {
                return Future.failedFuture(failure);
              }
              return cause == null ? Future.succeededFuture(result) : Future.failedFuture(cause);
            });
  }

  @Override
  public Future<Rows> run(String statement, Object... parameters) {
    if (ended) {
      return Future.failedFuture(new IllegalStateException("the transaction has ended"));
    }
    return PostgresDatabase.execute(connection, statement, parameters)
        .onFailure(
            cause -> {
              if (failure == null) {
                failure = cause;
              }
            })
        .recover(
            cause ->
                Future.failedFuture(
                    PostgresFailures.isConflict(cause) ? cause : failures.meaning(cause)));
  }
}
