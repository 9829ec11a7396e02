package dev.stoa.service;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a service does, by the {@code operationId}s of its contract. The endpoint refuses to start
 * while the contract and this table do not name the same operations.
 */
public final class Operations {
  private final Map<String, OperationHandler> handlers = new TreeMap<>();

  /** Declares the handler of one operation. */
  public Operations on(String operationId, OperationHandler handler) {
    if (handlers.putIfAbsent(operationId, handler) != null) {
      throw new IllegalArgumentException("operation " + operationId + " is declared twice");
    }
    return this;
  }

  Map<String, OperationHandler> handlers() {
    return Map.copyOf(handlers);
  }
}
