package dev.stoa.service;

import io.vertx.core.Future;

/**
 * What a service does for one operation of its contract. Runs on the service's event loop and must
 * not block it. Refusals are {@code ProblemException}s, thrown or in the future; anything else is a
 * bug and becomes a 500.
 */
@FunctionalInterface
public interface OperationHandler {
  Future<Reply> handle(Call call);
}
