/**
 * Who offers which service where: instances, the immutable catalog of them, registries that fill
 * it, and the balancer that picks. A registry outside of this process is a {@code Directory} that
 * reports what it lists; a {@code Source} has an {@code Origin} decide what to believe of it;
 * {@code Discovery} merges what all of them list with what runs here. May depend on {@code config}
 * and {@code problem}.
 */
package dev.stoa.discovery;
