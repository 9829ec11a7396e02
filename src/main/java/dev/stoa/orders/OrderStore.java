package dev.stoa.orders;

import dev.stoa.service.Sweep;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;

/** Where orders are kept, with their sagas. What a future reports as written is durable. */
interface OrderStore extends Sweep.Backlog<Order> {

  /** Writes a new order with its first events. */
  Future<Order> insert(Order draft, Move placed);

  /**
   * Writes the next move of an order. Fails with {@link StaleOrder}, and writes nothing, where the
   * order is no longer as it was read.
   */
  Future<Order> advance(Order order, Move move);

  /** The order; NOT_FOUND where there is none. */
  Future<Order> get(String orderId);

  /** Orders whose duty nobody has done in time, the longest waiting first. */
  @Override
  Future<List<Order>> neglected(Instant now, int limit);

  /**
   * Orders amid a step, by id, at which no process is any more; not those that wait for an
   * operator.
   */
  @Override
  Future<List<Order>> unfinished(String after, int limit);
}
