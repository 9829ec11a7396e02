package dev.stoa.orders;

import java.time.Instant;
import java.util.Optional;

/**
 * One entry of an order's time line, which is also its saga's log.
 *
 * @param event what happened: {@code created}, a status reached, {@code stock_released}, …
 * @param status the order's status from then on
 * @param detail why, for people; may be null
 * @param step the step that is begun or ended with it
 */
record OrderEvent(
    Instant at,
    String event,
    OrderStatus status,
    Cause cause,
    String detail,
    Optional<SagaNote> step) {}
