package dev.stoa.persistence;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
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
 * A schema of one service on a PostgreSQL server. What the server refuses because others were at
 * the same rows (SQLSTATE 40001, 40P01) is done again, a few times, after a pause that grows.
 * Single statements, and those of guarded work, see what is committed when they begin, and look at
 * a row once more that somebody else has changed meanwhile (READ COMMITTED; PostgreSQL, section
 * 13.2.1). Connections that break are replaced.
 */
final class PostgresDatabase implements Database {
  private static final String STATEMENT_MILLIS = "10000";
  private static final String NOW = "$now";
  // Not now(), which stands still for as long as a transaction lasts.
  private static final String CLOCK =
      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
  // What reads a whole table, as the planner likes to do with small ones, would conflict with every
  // write there (PostgreSQL, section 13.2.3); what goes by an index does with its own rows.
  private static final String SERIALIZABLE =
      "BEGIN ISOLATION LEVEL SERIALIZABLE; SET LOCAL enable_seqscan = off";
  // Said, because it is not the default everywhere.
  private static final String GUARDED = "BEGIN ISOLATION LEVEL READ COMMITTED";
  private static final int MAX_TRIES = 12;
  private static final int MAX_PAUSE_MILLIS = 200;

  private final Vertx vertx;
  private final Pool pool;
  private final Availability availability;
  private final PostgresFailures failures;

  private PostgresDatabase(Vertx vertx, Pool pool, String service) {
    this.vertx = vertx;
    this.pool = pool;
    this.availability = new Availability(service);
    this.failures = new PostgresFailures(availability);
  }

  static Future<Database> open(
      Vertx vertx, PostgresServer server, String service, String... shared) {
    return vertx
        .executeBlocking(
            () ->
                migrate(
                    server,
                    schema(service),
                    Stream.concat(Stream.of(service), Stream.of(shared)).toList()),
            false)
        .map(done -> connect(vertx, server, service));
  }

  /** A schema as it is, whose connections are made when they are needed. */
  static Database connect(Vertx vertx, PostgresServer server, String service) {
    return new PostgresDatabase(vertx, pool(vertx, server, schema(service), service), service);
  }

  private static String schema(String service) {
    return service.replace('-', '_');
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
    server.pool().applyTo(connect);
    server.tls().applyTo(connect);
    connect.addProperty("search_path", schema);
    connect.addProperty("application_name", service);
    connect.addProperty("statement_timeout", STATEMENT_MILLIS);
    connect.addProperty("idle_in_transaction_session_timeout", STATEMENT_MILLIS);
    return PgBuilder.pool()
        .with(server.pool().options(service))
        .with(
            new NetClientOptions()
                .setConnectTimeout((int) server.pool().connectTimeout().toMillis()))
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
    return begin(SERIALIZABLE, work);
  }

  @Override
  public <T> Future<T> guarded(Function<Sql, Future<T>> work) {
    return begin(GUARDED, work);
  }

  private <T> Future<T> begin(String begin, Function<Sql, Future<T>> work) {
    return persistently(connection -> inside(connection, begin, work), 1)
        .onSuccess(done -> WorkDeadline.committed(Vertx.currentContext()));
  }

  private <T> Future<T> persistently(Function<SqlConnection, Future<T>> work, int tries) {
    WorkDeadline deadline = WorkDeadline.of(Vertx.currentContext());
    return pool.getConnection()
        .recover(failure -> Future.failedFuture(failures.unreachable(failure)))
        .compose(connection -> inTime(deadline, connection, work).eventually(connection::close))
        .onSuccess(done -> availability.answered())
        .recover(
            failure ->
                tries < MAX_TRIES && isWorthAnother(failure)
                    ? pause(tries).compose(rested -> persistently(work, tries + 1))
                    : Future.failedFuture(failures.meaning(failure)));
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
  private <T> Future<T> inside(
      SqlConnection connection, String begin, Function<Sql, Future<T>> work) {
    PostgresTransaction transaction = new PostgresTransaction(connection, failures);
    return connection
        .query(begin)
        .execute()
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
