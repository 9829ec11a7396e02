package dev.stoa.lease;

import dev.stoa.persistence.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One process' share in a database that others may be at as well. The periodic work of a service is
 * done by whoever holds the one lease for it: a row with holder, end and epoch (the fencing token).
 * It is renewed while its holder lives, taken over when it has run out, and left to others at an
 * orderly end. Beside it each process holds a lease on its own name, by which the others see that
 * it is gone and go on with what it was at.
 *
 * <p>Time is told by the database alone; here only how long it took is measured, on a clock that
 * also runs while the process is stopped. So {@link #held} is false before anybody else can be
 * granted the lease, as long as clocks run equally fast within a tenth. A process can still be
 * stopped between asking and acting: what is done under a lease must be harmless when it is done
 * late, by being conditional on the row that it changes or on {@link #EPOCH_HOLDS}.
 *
 * <p>C. Gray and D. Cheriton, "Leases: an efficient fault-tolerant mechanism for distributed file
 * cache consistency" (SOSP 1989); M. Kleppmann, "How to do distributed locking" (2016), for the
 * token. To be used on the event loop that opened it; {@link #held} is safe on any thread.
 */
public final class Leases {
  /** The folder of the tables, for {@link Database#open}. */
  public static final String TABLES = "lease";

  /** True in a statement as long as this epoch ($1) is that of the lease. */
  public static final String EPOCH_HOLDS =
      "EXISTS (SELECT 1 FROM leases WHERE leases.name = 'jobs' AND leases.epoch = $1)";

  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final String JOBS = "jobs";
  private static final String NODE = "node:";
  private static final Duration SHORTEST_WAIT = Duration.ofMillis(50);

  /** Nobody else is at an embedded database, and so nobody waits for the end of its leases. */
  private static final Duration EMBEDDED = Duration.ofMinutes(10);

  /** What is held, and until when by the local clock. */
  private record Grant(long epoch, long untilNanos) {
    static final Grant NONE = new Grant(0, 0);
  }

  private final Vertx vertx;
  private final LeaseRows rows;
  private final String service;
  private final Duration length;
  private final String self = UUID.randomUUID().toString();
  private volatile Grant grant = Grant.NONE;
  private Future<Void> tending = Future.succeededFuture();
  private boolean closed;
  private boolean disturbed;
  private long timer = -1;

  private Leases(Vertx vertx, LeaseRows rows, String service, Duration length) {
    this.vertx = vertx;
    this.rows = rows;
    this.service = service;
    this.length = length;
  }

  /**
   * Joins those who are at a database, and takes on its periodic work if nobody else has it.
   *
   * @param service whose database it is, for the log
   * @param length how long a lease lasts that is not renewed, on a database that is shared
   */
  public static Future<Leases> open(
      Vertx vertx, Database database, String service, Duration length) {
    Duration own = database.isShared() ? length : EMBEDDED;
    Leases leases = new Leases(vertx, new LeaseRows(database), service, own);
    long asked = System.nanoTime();
    return database
        .guarded(sql -> leases.enter(new LeaseRows(sql), database.isShared()))
        .map(
            epoch -> {
              epoch.ifPresent(now -> leases.grant(now, asked));
              leases.await(leases.between());
              return leases;
            });
  }

  private Future<Optional<Long>> enter(LeaseRows here, boolean shared) {
    Future<Void> alone = shared ? Future.succeededFuture() : here.expireAll();
    return alone
        .compose(done -> here.forget(NODE))
        .compose(done -> here.take(NODE + self, self, length))
        .compose(done -> here.take(JOBS, self, length));
  }

  /** This process, by a name that no other process ever has. */
  public String self() {
    return self;
  }

  /** Whether that process is believed to have ended, and this one goes on with what it was at. */
  public Future<Boolean> isGone(String process) {
    return rows.isOver(NODE + process);
  }

  /** Whether the periodic work is this process'. */
  public boolean held() {
    Grant now = grant;
    return now.epoch > 0 && System.nanoTime() - now.untilNanos < 0;
  }

  /** How often the lease had changed hands when it was granted to this process; 0: never was. */
  public long epoch() {
    return grant.epoch;
  }

  /** The same job, which does nothing where it is not this process' to do. */
  public Supplier<Future<Void>> whileHeld(Supplier<Future<Void>> job) {
    return () -> held() ? job.get() : Future.succeededFuture();
  }

  /** Leaves everything to others at once; to be called when nothing is done under it any more. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    return tending
        .otherwiseEmpty()
        .onSuccess(done -> grant = Grant.NONE)
        .compose(done -> rows.release(self))
        .onFailure(failure -> LOG.warn("{}: leases run out by themselves: {}", service, failure));
  }

  /** Renews what is held and takes what can be had; answers after how long to look again. */
  private Future<Duration> tend() {
    long asked = System.nanoTime();
    return rows.renew(self, length)
        .compose(
            epochs ->
                epochs.containsKey(NODE + self)
                    ? Future.succeededFuture(epochs)
                    : rows.take(NODE + self, self, length).map(epochs))
        .compose(epochs -> jobs(epochs, asked));
  }

  private Future<Duration> jobs(Map<String, Long> epochs, long asked) {
    if (epochs.containsKey(JOBS)) {
      grant(epochs.get(JOBS), asked);
      return Future.succeededFuture(between());
    }
    lose();
    return rows.left(JOBS)
        .compose(
            left ->
                left.isNegative() || left.isZero() ? take() : Future.succeededFuture(soon(left)));
  }

  private Future<Duration> take() {
    long asked = System.nanoTime();
    return rows.take(JOBS, self, length)
        .onSuccess(epoch -> epoch.ifPresent(now -> grant(now, asked)))
        .map(epoch -> between());
  }

  private void grant(long epoch, long askedNanos) {
    if (epoch != grant.epoch) {
      LOG.atLevel(length == EMBEDDED ? Level.DEBUG : Level.INFO)
          .log("{}: the periodic work is done here (epoch {})", service, epoch);
    }
    grant = new Grant(epoch, askedNanos + length.toNanos() / 10 * 9);
  }

  private void lose() {
    if (grant.epoch > 0) {
      LOG.warn("{}: the periodic work was taken over by another process", service);
    }
    grant = Grant.NONE;
  }

  private Duration between() {
    return length.dividedBy(3);
  }

  private Duration soon(Duration left) {
    Duration wait = left.compareTo(between()) < 0 ? left : between();
    return wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait;
  }

  private void await(Duration pause) {
    if (!closed) {
      timer = vertx.setTimer(pause.toMillis(), id -> run());
    }
  }

  private void run() {
    Future<Duration> next = tend().onSuccess(done -> disturbed = false).recover(this::later);
    tending = next.onSuccess(this::await).mapEmpty();
  }

  /** What is held runs out by itself. */
  private Future<Duration> later(Throwable failure) {
    if (!disturbed) {
      LOG.warn("{}: leases are not renewed: {}", service, failure.toString());
    }
    disturbed = true;
    long pause = Math.min(between().toMillis(), TimeUnit.SECONDS.toMillis(1));
    return Future.succeededFuture(Duration.ofMillis(pause));
  }
}
