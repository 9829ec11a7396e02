package dev.stoa.gateway;

import dev.stoa.config.ConfigPeers;
import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.edge.Admission;
import dev.stoa.limits.SharedLimits;
import dev.stoa.observability.Telemetry;
import dev.stoa.resilience.Resilience;
import dev.stoa.service.Contracts;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.TokenIssuer;
import dev.stoa.service.TokenVerifier;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What a gateway stands on; made once per process and shared by its instances, so all of it is safe
 * on any thread.
 *
 * @param connections counts those of the clients
 * @param pools the catalog, and what is known of its instances
 * @param services how logging in reaches user-service
 * @param contracts of the services, for the API's documentation
 * @param telemetry told of what goes through
 * @param keys of requests that the gateway itself sees to; closed by whoever made it
 * @param peers the configuration of this process, and the revisions of the others
 * @param lookout what operators see of it
 * @param annexes what else answers on its port
 * @param configuration the state of the configuration (revision, whether it is stale and why), for
 *     the health report
 * @param drain begins the orderly end of the process, once, and tells how far it has come
 * @param stopping whether the process is shutting down, so that load balancers look elsewhere
 */
public record GatewayParts(
    Live<GatewayConfig> config,
    Admission connections,
    InstancePools pools,
    TokenVerifier verifier,
    TokenIssuer issuer,
    ServiceClient services,
    Contracts contracts,
    SharedLimits limits,
    Telemetry telemetry,
    Resilience resilience,
    LastGoodAnswers lastGood,
    GatewayKeys keys,
    ConfigPeers peers,
    Lookout lookout,
    List<Annex> annexes,
    Supplier<JsonObject> configuration,
    Supplier<JsonObject> drain,
    BooleanSupplier stopping) {}
