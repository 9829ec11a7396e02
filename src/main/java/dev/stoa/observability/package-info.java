/**
 * What operators see of the running system: metrics and the management port that serves them,
 * traces, and for which request something is done ({@link dev.stoa.observability.RequestScope}).
 * The only place that knows a metrics library or OpenTelemetry. May depend on {@code config} and
 * {@code problem}.
 */
package dev.stoa.observability;
