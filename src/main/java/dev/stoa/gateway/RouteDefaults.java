package dev.stoa.gateway;

import dev.stoa.discovery.UpstreamPolicies;

/** What holds for a route that does not say otherwise. */
record RouteDefaults(
    RateLimits limits,
    ProxyTarget.Timeouts timeouts,
    long maxBody,
    UpstreamPolicies upstreams,
    ResilienceDefaults resilience) {}
