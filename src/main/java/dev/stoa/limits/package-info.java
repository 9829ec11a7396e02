/**
 * How often something may happen: counted in this process, or, where Redis is configured, in all
 * that share it. The only place that knows Redis. May depend on {@code config} and {@code problem}.
 */
package dev.stoa.limits;
