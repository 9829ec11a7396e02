package dev.stoa.service;

import dev.stoa.discovery.ServiceRegistry;

/**
 * What every service stands on; made once per process and shared.
 *
 * @param client for calls of other services; closed by whoever made it
 */
public record Chassis(
    ServiceRegistry registry, TokenVerifier tokens, Contracts contracts, ServiceClient client) {}
