/**
 * The gateway: routes, the filter chain and the proxy's data path. May depend on {@code service}
 * and what lies below it; knows no business service.
 */
package dev.stoa.gateway;
