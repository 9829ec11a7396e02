package dev.stoa.edge;

/**
 * How large the head of a request may be.
 *
 * @param line octets of the request line
 * @param fields octets of all fields together, those of the trailer included
 */
record HeadLimits(int line, int fields) {}
