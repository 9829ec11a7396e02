package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;

/**
 * What balancers, breakers and metrics learn about an exchange beyond the future of {@link
 * Proxy#forward}. Called on the event loop of the exchange, at most once each; must not throw.
 */
interface ProxyObserver {
  /** Watches nothing. */
  ProxyObserver NONE = new ProxyObserver() {};

  /**
   * There is no connection to the upstream: nothing was sent, so the request could be forwarded to
   * another one. The exchange is about to fail with {@code failure}.
   */
  default void unreachable(ProblemException failure) {}

  /** The head of the upstream's final response has arrived. */
  default void answered(int status) {}

  /** The upstream failed after its head had been passed on; the client has been reset. */
  default void broken(ProblemException failure) {}

  /** The client went away before the response was complete. */
  default void abandoned() {}
}
