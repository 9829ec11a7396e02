/**
 * Layered configuration that knows no one's keys: sources, strict parsing, typed reading with every
 * error collected, hot reload as a transaction, and the last good revision on disk. Depends on
 * nothing of Stoa's.
 */
package dev.stoa.config;
