/**
 * Problems: every refusal and failure that a client may see (RFC 9457). Depends on nothing of
 * Stoa's.
 */
package dev.stoa.problem;
