/**
 * The process: command line, composition of the configuration, deployment by role, start and
 * graceful stop. May use every package; nothing uses it.
 */
package dev.stoa.app;
