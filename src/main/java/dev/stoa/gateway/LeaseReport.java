package dev.stoa.gateway;

import dev.stoa.discovery.CallFailure;
import dev.stoa.discovery.Lease;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;

/** Tells the lender of an instance how an exchange with it went. */
final class LeaseReport implements ProxyObserver {
  private final Lease lease;
  private boolean nothingSent;

  LeaseReport(Lease lease) {
    this.lease = lease;
  }

  /** Whether the exchange has failed for want of a connection. */
  boolean nothingSent() {
    return nothingSent;
  }

  @Override
  public void unreachable(ProblemException failure) {
    nothingSent = true;
    if (failure.type() == ProblemType.OVERLOADED) {
      lease.abandoned(); // our own pool is full
    } else {
      lease.failed(CallFailure.CONNECT);
    }
  }

  @Override
  public void answered(int status) {
    lease.answered(status);
  }

  @Override
  public void broken(ProblemException failure) {
    failed(failure);
  }

  @Override
  public void abandoned() {
    lease.abandoned();
  }

  /** The exchange has failed; what the client did wrong is no failure of the instance. */
  void failed(ProblemException failure) {
    switch (failure.type()) {
      case GATEWAY_TIMEOUT -> lease.failed(CallFailure.TIMEOUT);
      case BAD_GATEWAY -> lease.failed(CallFailure.RESET);
      default -> lease.abandoned();
    }
  }
}
