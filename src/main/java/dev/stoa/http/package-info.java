/**
 * What HTTP messages are made of, for whoever reads or writes their octets. Depends on nothing of
 * Stoa's.
 */
package dev.stoa.http;
