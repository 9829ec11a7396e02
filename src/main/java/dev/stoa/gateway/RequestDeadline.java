package dev.stoa.gateway;

import dev.stoa.resilience.Deadline;
import dev.stoa.service.Identity;
import java.time.Duration;
import java.util.Optional;

/**
 * Until when the answer to a request must have begun: what a caller that we trust asks for (one of
 * our services, or a proxy of ours), else the route's deadline, whichever comes first; else the
 * route's time-out.
 *
 * @param strict whether it holds also while a body is on its way; a time-out counts from its end
 */
record RequestDeadline(Deadline at, boolean strict) {
  private static final Duration FOR_EVER = Duration.ofDays(1);

  static RequestDeadline of(Exchange exchange, RouteConfig route, Optional<Identity> caller) {
    boolean trusted = exchange.trustedPeer() || caller.filter(Identity::isService).isPresent();
    Optional<Deadline> asked =
        trusted ? Deadline.parse(exchange.headers().get(Deadline.HEADER)) : Optional.empty();
    Optional<Deadline> own = route.resilience().deadline().map(Deadline::after);
    if (asked.isEmpty() && own.isEmpty()) {
      Duration timeout = route.timeout().isZero() ? FOR_EVER : route.timeout();
      boolean bodiless = RequestBody.of(exchange) == RequestBody.NONE;
      return new RequestDeadline(Deadline.after(timeout), bodiless && !route.timeout().isZero());
    }
    Deadline first = own.isEmpty() ? asked.get() : asked.map(own.get()::earlier).orElse(own.get());
    return new RequestDeadline(first, true);
  }

  /** For the attempt that begins now. */
  Optional<Deadline> binding() {
    return strict ? Optional.of(at) : Optional.empty();
  }
}
