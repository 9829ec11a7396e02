/**
 * Idempotency keys: the answers kept for requests that may come twice
 * (draft-ietf-httpapi-idempotency-key-header). Knows neither HTTP nor the event bus. May depend on
 * {@code persistence} and the floors below.
 */
package dev.stoa.idempotency;
