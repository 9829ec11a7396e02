/**
 * What keeps one failing or slow upstream from taking its callers down with it: breaker, retry and
 * its budget, deadline, bulkhead with an adaptive limit. The only place that knows the breaker
 * library. May depend on {@code config} and {@code problem}.
 */
package dev.stoa.resilience;
