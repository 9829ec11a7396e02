/**
 * What HTTP messages are made of, for whoever reads or writes their octets, and the room that these
 * are read into and written from. Depends on nothing of Stoa's.
 */
package dev.stoa.http;
