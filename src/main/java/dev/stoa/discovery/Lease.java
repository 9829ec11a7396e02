package dev.stoa.discovery;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * An instance lent for one attempt of one request. The borrower connects to {@link #instance()} and
 * tells how it went, so that the next picks know better: {@link #answered} when the head of the
 * answer is there, and then exactly one of {@link #completed}, {@link #failed} and {@link
 * #abandoned}. Only this ends the lease; until then the request counts as in flight. After the end
 * nothing counts any more, so whoever is not sure may tell again.
 *
 * <p>For one thread at a time.
 */
public final class Lease {
  private static final AtomicIntegerFieldUpdater<Lease> ENDED =
      AtomicIntegerFieldUpdater.newUpdater(Lease.class, "ended");
  private static final int NO_ANSWER = 0;
  private static final int FIRST_FAILURE = 500;

  private final InstancePool pool;
  private final Member member;
  private final OutlierDetection outliers;
  private final Lease before;
  private final long began;
  private volatile int ended;
  private int status = NO_ANSWER;
  private boolean unreachable;

  Lease(InstancePool pool, Member member, OutlierDetection outliers, Lease before, long now) {
    this.pool = pool;
    this.member = member;
    this.outliers = outliers;
    this.before = before;
    this.began = now;
    member.state().begin();
  }

  public ServiceInstance instance() {
    return member.instance();
  }

  /** How many instances this request has been lent, this one included. */
  public int attempt() {
    return before == null ? 1 : before.attempt() + 1;
  }

  /** The head of the answer is here, with this status. */
  public void answered(int withStatus) {
    if (ended == 0) {
      status = withStatus;
      member.state().tookUntilAnswer(pool.now() - began);
    }
  }

  /** The exchange is over. A status of 500 or above is a failure of the instance. */
  public void completed() {
    if (end()) {
      if (status >= FIRST_FAILURE) {
        pool.failed(member, CallFailure.SERVER_ERROR, outliers);
      } else {
        pool.succeeded(member, outliers);
      }
    }
  }

  /** The instance failed, also if it had answered before. */
  public void failed(CallFailure kind) {
    if (end()) {
      unreachable = kind == CallFailure.CONNECT;
      pool.failed(member, kind, outliers);
    }
  }

  /** It ended early, and not through the instance: the client went away, the gateway refused. */
  public void abandoned() {
    end();
  }

  /** Whether this request has been lent the instance before, or now. */
  boolean tried(InstanceState state) {
    return member.state() == state || before != null && before.tried(state);
  }

  /** Whether it could not be connected to when this request tried. */
  boolean foundUnreachable(InstanceState state) {
    return member.state() == state && unreachable
        || before != null && before.foundUnreachable(state);
  }

  private boolean end() {
    boolean first = ENDED.compareAndSet(this, 0, 1);
    if (first) {
      member.state().end();
    }
    return first;
  }
}
