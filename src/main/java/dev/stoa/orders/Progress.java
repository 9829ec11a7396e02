package dev.stoa.orders;

import java.util.Optional;

/**
 * How far an order has come: all of it that ever changes.
 *
 * @param paymentId the payment that paid it, or that is paying it while its reservation is being
 *     committed
 * @param version counts its events from 1
 */
record Progress(
    OrderStatus status, Optional<String> paymentId, Optional<Duty> duty, long version) {}
