package dev.stoa.service;

import io.vertx.core.Future;

/**
 * The one way to call another service of the system, over HTTP or the event bus as the
 * configuration says. Calls carry this system's service token, so the callee sees an {@link
 * Identity} with the role {@code service}.
 */
public interface ServiceClient {

  /**
   * Calls an operation. A reply below 400 succeeds. Otherwise the future fails with a {@code
   * ProblemException}: the callee's own problem with its type and fields; SERVICE_UNAVAILABLE where
   * no instance could be reached, so nothing was done; GATEWAY_TIMEOUT or BAD_GATEWAY where the
   * outcome is unknown.
   */
  Future<Reply> call(ServiceRequest request);
}
