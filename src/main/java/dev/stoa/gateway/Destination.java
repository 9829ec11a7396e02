package dev.stoa.gateway;

/**
 * What was found for a request.
 *
 * @param uri path and query for the upstream
 */
record Destination(RouteConfig route, Target target, String uri) {}
