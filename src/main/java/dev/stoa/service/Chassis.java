package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.idempotency.IdempotencyConfig;

/**
 * What every service stands on; made once per process and shared.
 *
 * @param client for calls of other services; closed by whoever made it
 * @param idempotency how each service keeps the replies to idempotency keys
 */
public record Chassis(
    ServiceRegistry registry,
    TokenVerifier tokens,
    Contracts contracts,
    ServiceClient client,
    Live<IdempotencyConfig> idempotency) {

  /** With the defaults for idempotency keys. */
  public Chassis(
      ServiceRegistry registry, TokenVerifier tokens, Contracts contracts, ServiceClient client) {
    this(registry, tokens, contracts, client, Live.fixed(IdempotencyConfig.DEFAULT));
  }
}
