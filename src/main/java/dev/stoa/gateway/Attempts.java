package dev.stoa.gateway;

import dev.stoa.discovery.Lease;
import dev.stoa.problem.ProblemException;
import dev.stoa.service.Identity;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Forwards a request, and forwards it elsewhere where an instance could not be connected to:
 * nothing was sent, so that this is safe whatever the method.
 */
final class Attempts {
  private static final int MOST = 3;

  private final Upstreams upstreams;
  private final Proxy proxy;

  Attempts(Upstreams upstreams, Proxy proxy) {
    this.upstreams = upstreams;
    this.proxy = proxy;
  }

  /** As {@link Proxy#forward}. */
  Future<Void> forward(Exchange exchange, Destination destination, Optional<Identity> caller) {
    return attempt(exchange, destination, caller, Optional.empty());
  }

  private Future<Void> attempt(
      Exchange exchange, Destination to, Optional<Identity> caller, Optional<Lease> tried) {
    Upstreams.Upstream upstream = upstreams.choose(exchange, to, caller, tried);
    Lease lease = upstream.lease();
    LeaseReport report = new LeaseReport(lease);
    return proxy
        .forward(exchange.request(), upstream.target(), report)
        .onSuccess(over -> lease.completed())
        .recover(
            failure -> {
              report.failed((ProblemException) failure);
              return report.nothingSent() && lease.attempt() < MOST
                  ? attempt(exchange, to, caller, Optional.of(lease))
                  : Future.failedFuture(failure);
            });
  }
}
