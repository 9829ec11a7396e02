/**
 * The product service: what is sold, at which price, how much is left, and the reservations by
 * which orders take it. Its contract is {@code openapi/product-service.yaml}. May depend on the
 * floors below, on no other service.
 */
package dev.stoa.products;
