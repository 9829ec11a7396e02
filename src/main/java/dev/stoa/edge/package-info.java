/**
 * What stands between a socket and the HTTP server: who may connect, how long a request may take to
 * arrive, and whether its bytes can be read in only one way. May depend on {@code problem} and the
 * libraries; it knows nothing of routes or services, and both the gateway and the services stand
 * behind it.
 */
package dev.stoa.edge;
