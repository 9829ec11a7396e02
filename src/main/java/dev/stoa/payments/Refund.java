package dev.stoa.payments;

import dev.stoa.service.Money;

/**
 * Money to give back.
 *
 * @param id also its key at the provider
 */
record Refund(String id, String paymentId, Money amount) {}
