package dev.stoa.e2e;

import dev.stoa.persistence.TestPostgres;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What everybody has used of the processors so far, and what the database has done for it.
 *
 * @param commits also of single statements and of reads
 * @param rollbacks of work that was done for nothing
 */
record ProcessorTime(
    Duration nodes, Duration database, Duration clients, long commits, long rollbacks) {

  static ProcessorTime now(ShopCluster cluster, TestPostgres server) {
    ProcessHandle first = server.process();
    return new ProcessorTime(
        sum(
            cluster.running().stream()
                .map(node -> ProcessHandle.of(cluster.node(node).pid()).orElseThrow())),
        sum(Stream.concat(Stream.of(first), first.descendants())),
        sum(Stream.of(ProcessHandle.current())),
        count(server, "xact_commit"),
        count(server, "xact_rollback"));
  }

  private static Duration sum(Stream<ProcessHandle> processes) {
    LongStream nanos =
        processes.mapToLong(
            process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos());
    return Duration.ofNanos(nanos.sum());
  }

  private static long count(TestPostgres server, String column) {
    return Long.parseLong(server.value("SELECT sum(" + column + ") FROM pg_stat_database"));
  }

  ProcessorTime since(ProcessorTime before) {
    return new ProcessorTime(
        nodes.minus(before.nodes),
        database.minus(before.database),
        clients.minus(before.clients),
        commits - before.commits,
        rollbacks - before.rollbacks);
  }

  /** For each of so many orders. */
  String each(int orders) {
    return String.format(
        "CPU ms an order: nodes %.2f, database %.2f, clients %.2f; transactions an order %.1f,"
            + " rolled back %.3f",
        nodes.toNanos() / 1e6 / orders,
        database.toNanos() / 1e6 / orders,
        clients.toNanos() / 1e6 / orders,
        (double) commits / orders,
        (double) rollbacks / orders);
  }
}
