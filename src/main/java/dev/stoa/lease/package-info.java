/**
 * What one process of several does: leases that the database keeps. May depend on {@code
 * persistence} and what is below it.
 */
package dev.stoa.lease;
