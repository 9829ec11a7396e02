/**
 * Who offers which service where: instances, the immutable catalog of them, registries that fill
 * it, and the balancer that picks. May depend on {@code config} and {@code problem}.
 */
package dev.stoa.discovery;
