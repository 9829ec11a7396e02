package dev.stoa.orders;

import java.time.Instant;

/**
 * One entry of an order's time line.
 *
 * @param event what happened: {@code created}, a status reached, {@code stock_released}, …
 * @param status the order's status from then on
 * @param detail why, for people; may be null
 */
record OrderEvent(Instant at, String event, OrderStatus status, Cause cause, String detail) {}
