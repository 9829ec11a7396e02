/**
 * Payments: taking the money for an order and giving it back, through a provider. May depend on the
 * chassis ({@code service}) and the floors below; orders are known only by their contract.
 */
package dev.stoa.payments;
