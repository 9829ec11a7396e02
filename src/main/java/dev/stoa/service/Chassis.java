package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.observability.Telemetry;

/**
 * What every service stands on; made once per process and shared.
 *
 * @param client for calls of other services; closed by whoever made it
 * @param idempotency how each service keeps the replies to idempotency keys
 * @param telemetry told of what the services do
 */
public record Chassis(
    ServiceRegistry registry,
    TokenVerifier tokens,
    Contracts contracts,
    ServiceClient client,
    Live<IdempotencyConfig> idempotency,
    Telemetry telemetry) {

  /** Watched by nobody. */
  public Chassis(
      ServiceRegistry registry,
      TokenVerifier tokens,
      Contracts contracts,
      ServiceClient client,
      Live<IdempotencyConfig> idempotency) {
    this(registry, tokens, contracts, client, idempotency, Telemetry.unwatched());
  }

  /** The same with the defaults for idempotency keys. */
  public Chassis(
      ServiceRegistry registry, TokenVerifier tokens, Contracts contracts, ServiceClient client) {
    this(registry, tokens, contracts, client, Live.fixed(IdempotencyConfig.DEFAULT));
  }
}
