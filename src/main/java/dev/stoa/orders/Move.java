package dev.stoa.orders;

import java.util.List;

/**
 * One decision about an order: where it stands then, and what its log says of it. Written in one
 * transaction.
 *
 * @param next its version is the number of the last event
 */
record Move(Progress next, List<OrderEvent> events) {
  Move {
    events = List.copyOf(events);
  }
}
