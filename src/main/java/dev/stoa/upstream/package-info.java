/**
 * The gateway's way to its upstreams: an HTTP/1.1 client of one event loop, made for a proxy. It
 * pools connections, writes a request in one piece, and reads answers more strictly than a client
 * for everybody could. May depend on the libraries only; it knows nothing of routes, and nobody but
 * the proxy path uses it.
 */
package dev.stoa.upstream;
