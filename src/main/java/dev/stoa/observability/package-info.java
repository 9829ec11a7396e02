/**
 * What operators see of the running system: metrics and the management port that serves them. The
 * only place that knows a metrics library. May depend on {@code config} and {@code problem}.
 */
package dev.stoa.observability;
