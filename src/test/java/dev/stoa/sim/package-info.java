/**
 * A small world for simulations: virtual time, one thread, everything decided by a seed. The real
 * code of the services runs in it, over stores and a network that fail as real ones do.
 */
package dev.stoa.sim;
