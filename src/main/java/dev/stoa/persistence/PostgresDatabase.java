package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A schema of one service on a PostgreSQL server. Everything is serializable there; what the server
 * refuses because others were at the same rows (SQLSTATE 40001, 40P01) is done again, a few times,
 * after a pause that grows. Connections that break are replaced.
 */
final class PostgresDatabase implements Database {
  private static final int MAX_CONNECTIONS = 10;
  private static final int MAX_WAITING = 5_000;
  private static final int WAIT_SECONDS = 10;
  private static final int CONNECT_MILLIS = 5_000;
  private static final int STATEMENTS = 256;
  private static final String STATEMENT_MILLIS = "10000";
  private static final String NOW = "$now";
  // Not now(), which stands still for as long as a transaction lasts.
  private static final String CLOCK =
      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
  private static final int MAX_TRIES = 12;
  private static final int MAX_PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final Pool pool;

  private PostgresDatabase(Vertx vertx, Pool pool) {
    this.vertx = vertx;
    this.pool = pool;
  }

  static Future<Database> open(
      Vertx vertx, PostgresServer server, String service, String... shared) {
    String schema = service.replace('-', '_');
    return vertx
        .executeBlocking(
            () ->
                migrate(
                    server, schema, Stream.concat(Stream.of(service), Stream.of(shared)).toList()),
            false)
        .map(done -> new PostgresDatabase(vertx, pool(vertx, server, schema, service)));
  }

  private static Void migrate(PostgresServer server, String schema, List<String> folders)
      throws IOException {
    Migrations.of(folders)
        .flyway()
        .dataSource(server.jdbcUrl(), server.user(), server.password())
        .schemas(schema)
        .connectRetries(3)
        .load()
        .migrate();
    return null;
  }

  private static Pool pool(Vertx vertx, PostgresServer server, String schema, String service) {
    PgConnectOptions connect = new PgConnectOptions();
    connect.setHost(server.host()).setPort(server.port()).setDatabase(server.name());
    connect.setUser(server.user()).setPassword(server.password());
    connect.setCachePreparedStatements(true).setPreparedStatementCacheMaxSize(STATEMENTS);
    connect.addProperty("search_path", schema);
    connect.addProperty("application_name", service);
    connect.addProperty("default_transaction_isolation", "serializable");
    connect.addProperty("statement_timeout", STATEMENT_MILLIS);
    connect.addProperty("idle_in_transaction_session_timeout", STATEMENT_MILLIS);
    return PgBuilder.pool()
        .with(
            new PoolOptions()
                .setName(service)
                .setMaxSize(MAX_CONNECTIONS)
                .setMaxWaitQueueSize(MAX_WAITING)
                .setConnectionTimeout(WAIT_SECONDS)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS))
        .connectingTo(connect)
        .using(vertx)
        .build();
  }

  @Override
  public Future<Rows> run(String statement, Object... parameters) {
    return persistently(connection -> execute(connection, statement, parameters), 1)
        .onSuccess(done -> WorkDeadline.committed(Vertx.currentContext()));
  }

  @Override
  public Future<Rows> read(String statement, Object... parameters) {
    return persistently(connection -> execute(connection, statement, parameters), 1);
  }

  @Override
  public <T> Future<T> transaction(Function<Sql, Future<T>> work) {
    return persistently(connection -> inside(connection, work), 1)
        .onSuccess(done -> WorkDeadline.committed(Vertx.currentContext()));
  }

  private <T> Future<T> persistently(Function<SqlConnection, Future<T>> work, int tries) {
    WorkDeadline deadline = WorkDeadline.of(Vertx.currentContext());
    return pool.getConnection()
        .recover(PostgresFailures::unreachable)
        .compose(connection -> inTime(deadline, connection, work).eventually(connection::close))
        .recover(
            failure ->
                tries < MAX_TRIES && isWorthAnother(failure)
                    ? pause(tries).compose(rested -> persistently(work, tries + 1))
                    : Future.failedFuture(PostgresFailures.meaning(failure)));
  }

  private static <T> Future<T> inTime(
      WorkDeadline deadline, SqlConnection connection, Function<SqlConnection, Future<T>> work) {
    return WorkDeadline.passed(deadline)
        ? Future.failedFuture(WorkDeadline.refusal())
        : work.apply(connection);
  }

  private static boolean isWorthAnother(Throwable failure) {
    return PostgresFailures.isConflict(failure) || PostgresFailures.isUnsent(failure);
  }

  private Future<Long> pause(int tries) {
    long most = Math.min(1L << tries, MAX_PAUSE_MILLIS);
    long millis = ThreadLocalRandom.current().nextLong(1, most + 1);
    return vertx.timer(millis, TimeUnit.MILLISECONDS).map(millis);
  }

  // A connection that cannot roll back is broken, and the pool replaces it.
  private static <T> Future<T> inside(SqlConnection connection, Function<Sql, Future<T>> work) {
    PostgresTransaction transaction = new PostgresTransaction(connection);
    return execute(connection, "BEGIN")
        .compose(begun -> transaction.perform(work))
        .compose(
            result -> execute(connection, "COMMIT").map(result),
            failure ->
                execute(connection, "ROLLBACK").transform(done -> Future.failedFuture(failure)));
  }

  static Future<Rows> execute(SqlClient connection, String statement, Object... parameters) {
    return connection
        .preparedQuery(statement.contains(NOW) ? statement.replace(NOW, CLOCK) : statement)
        .execute(Tuple.wrap(StoredValues.of(parameters)))
        .map(ClientRow::rows);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public Future<Void> ping() {
    return read("SELECT 1").mapEmpty();
  }

  @Override
  public Future<Void> close() {
    return pool.close();
  }
}
