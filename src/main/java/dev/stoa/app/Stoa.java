package dev.stoa.app;

import dev.stoa.config.ConfigPeers;
import dev.stoa.config.Configuration;
import dev.stoa.config.Live;
import dev.stoa.console.ConsolePages;
import dev.stoa.discovery.Discovery;
import dev.stoa.discovery.HealthChecks;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.edge.Admission;
import dev.stoa.gateway.Annex;
import dev.stoa.gateway.GatewayConfig;
import dev.stoa.gateway.GatewayKeys;
import dev.stoa.gateway.GatewayParts;
import dev.stoa.gateway.GatewayVerticle;
import dev.stoa.gateway.LastGoodAnswers;
import dev.stoa.gateway.Lookout;
import dev.stoa.limits.RateLimiter;
import dev.stoa.limits.SharedLimits;
import dev.stoa.observability.Metrics;
import dev.stoa.observability.Telemetry;
import dev.stoa.resilience.Resilience;
import dev.stoa.service.Chassis;
import dev.stoa.service.Contracts;
import dev.stoa.service.ModuleVerticle;
import dev.stoa.service.ServiceClients;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceModule;
import dev.stoa.service.Tokens;
import dev.stoa.users.AdminPolicy;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The running system: one verticle for each role, wired together here and nowhere else. Started
 * once and stopped once; the gateway goes first when it stops, so that nothing is let in that no
 * service is left to answer.
 */
final class Stoa {
  private static final Logger LOG = LoggerFactory.getLogger(Stoa.class);
  private static final int GATEWAYS = Runtime.getRuntime().availableProcessors();

  private final Vertx vertx;
  private final Runnable end;
  private final Drain drain;
  private final Configuration<StoaConfig> configuration;
  private final Live<StoaConfig> live;
  private final Telemetry telemetry;
  private final Management management;
  private final InstancePools pools;
  private final HealthChecks checks;
  private final Discovery registry;
  private final Tokens tokens;
  private final Resilience resilience;
  private final ServiceRegistry.Watch newcomers;
  private final ServiceClients clients;
  private final Chassis chassis;
  private final BuiltInServices services;
  private final ConfigPeers peers;
  private final LettingGo lettingGo;
  private final GatewayKeys keys;
  private final Admission connections = new Admission();
  private final SharedLimits limits = new SharedLimits(new RateLimiter());
  private final Deployments builtIn;
  private final Deployments added;
  private volatile boolean serving;

  /**
   * A system that is not started yet.
   *
   * @param data the folder of what it keeps
   * @param configuration started
   * @param end has the process ended in order, from elsewhere and later; for {@code drain}
   */
  Stoa(
      Vertx vertx,
      Path data,
      Contracts contracts,
      Configuration<StoaConfig> configuration,
      AdminPolicy admins,
      Metrics metrics,
      Runnable end) {
    this.vertx = vertx;
    this.end = end;
    this.drain = new Drain(vertx);
    this.builtIn = new Deployments(vertx);
    this.added = new Deployments(vertx);
    this.configuration = configuration;
    this.live = configuration.live();
    this.telemetry = new Telemetry(metrics);
    this.management = new Management(vertx, metrics, configuration, () -> serving);
    this.registry = new Discovery(vertx, data);
    this.tokens = new Tokens(vertx, live.map(StoaConfig::auth), InstantSource.system());
    this.resilience = new Resilience(vertx, live.get().node());
    this.newcomers = registry.watch(new Newcomers(resilience::joined));
    this.pools = new InstancePools(registry, live.map(StoaConfig::upstreams));
    this.checks = new HealthChecks(vertx, this::checked);
    InstanceGauges.add(metrics, pools);
    UpstreamFamilies.add(metrics, resilience::status);
    metrics.gauge(
        "stoa_gateway_connections",
        "Connections of clients to the gateway.",
        Map.of(),
        connections::open);
    LimitGauges.add(metrics, limits);
    this.clients =
        new ServiceClients(
            vertx, contracts, pools, tokens, resilience, live.map(StoaConfig::services), telemetry);
    this.chassis =
        new Chassis(
            registry, tokens, contracts, clients, live.map(StoaConfig::idempotency), telemetry);
    this.services = new BuiltInServices(chassis, live, admins, metrics);
    this.peers = new ConfigPeers(vertx, live.get().node(), configuration);
    this.lettingGo = new LettingGo(vertx, registry, pools, peers);
    this.keys = new GatewayKeys(vertx, live.get().database(), live.map(StoaConfig::idempotency));
    observe(live.get());
    configuration.onChange(this::observe);
    configuration.onChange(
        config ->
            resilience.forget(
                name ->
                    !config.gateway().leadsTo(name)
                        && !registry.catalog().knows(name)
                        && !ServiceClients.guards(name)));
    configuration.onChange(
        config -> {
          if (builtIn.has(Role.GATEWAY.toString())) {
            share(config);
          }
        });
    configuration.onChange(
        config ->
            registry
                .configure(config.discovery())
                .onFailure(failure -> LOG.error("discovery could not be changed", failure)));
  }

  private void observe(StoaConfig config) {
    Logs.apply(config.log(), config.node());
    telemetry.tracing().configure(config.tracing(), config.node());
  }

  /** Deploys the roles; fails, with nothing left running, where one of them cannot start. */
  Future<Void> start(Set<Role> roles, List<ServiceModule> modules) {
    boolean gateway = roles.contains(Role.GATEWAY);
    if (gateway) {
      share(live.get());
    }
    List<Future<?>> beside = new ArrayList<>();
    beside.add(management.open(live.get().management()));
    beside.add(
        registry.configure(live.get().discovery()).compose(open -> deployServices(roles, modules)));
    // The door opens last: who gets in finds every service of this process there.
    return Future.join(beside)
        .compose(
            there ->
                gateway ? deployGateway(roles.contains(Role.CONSOLE)) : Future.succeededFuture())
        .onSuccess(started -> serving = true)
        .onSuccess(started -> peers.start())
        .onSuccess(started -> lettingGo.start())
        .onSuccess(started -> checks.start())
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Lets what is running end, bounded in time; then closes everything but Vert.x. */
  Future<Void> stop() {
    serving = false;
    drain.begin();
    newcomers.close();
    return registry
        .leave()
        .onComplete(left -> drain.say("the registries are left"))
        .eventually(() -> lettingGo.byOthers(drain, live.get().drainTimeout()))
        .eventually(this::untilLoadBalancersKnow)
        .eventually(() -> undeploy(Role.GATEWAY))
        .eventually(keys::close)
        .eventually(limits::close)
        .eventually(() -> added.undeployAll())
        .eventually(() -> undeploy(Role.PAYMENTS))
        .eventually(() -> undeploy(Role.ORDERS))
        .eventually(() -> Future.join(undeploy(Role.PRODUCTS), undeploy(Role.USERS)))
        .onComplete(stopped -> drain.say("what was under way is answered"))
        .eventually(checks::stop)
        .eventually(lettingGo::close)
        .eventually(clients::close)
        .eventually(registry::close)
        .eventually(peers::close)
        .eventually(management::close)
        .eventually(configuration::close)
        .eventually(
            () ->
                vertx.<Void>executeBlocking(
                    () -> {
                      telemetry.tracing().close();
                      return null;
                    }));
  }

  private Future<Void> untilLoadBalancersKnow() {
    return builtIn.has(Role.GATEWAY.toString())
        ? drain.pause(live.get().leaveDelay())
        : Future.succeededFuture();
  }

  /** Whoever has it ended twice wants it ended soon. */
  void hurry() {
    drain.hurry();
  }

  private JsonObject drained() {
    Optional<JsonObject> progress = drain.progress();
    if (progress.isEmpty()) {
      end.run();
    }
    return progress.orElseGet(() -> new JsonObject().put("steps", new JsonArray()));
  }

  /**
   * What would become of a request if this system, which is not started, were running with all its
   * services where they are configured.
   */
  Future<JsonObject> explain(JsonObject question) {
    return registry
        .configure(live.get().discovery())
        .compose(
            open ->
                Future.join(
                    live.get().services().values().stream()
                        .map(service -> service.instance())
                        .map(registry::register)
                        .toList()))
        .compose(there -> GatewayVerticle.explain(vertx, gateway(false), question));
  }

  private List<HealthChecks.Checked> checked() {
    List<HealthChecks.Checked> checked = new ArrayList<>(pools.checks());
    if (builtIn.has(Role.GATEWAY.toString())) {
      checked.addAll(live.get().gateway().checks(pools));
    }
    return checked;
  }

  private GatewayParts gateway(boolean console) {
    Live<GatewayConfig> config = live.map(StoaConfig::gateway);
    Supplier<JsonObject> state =
        () -> ConfigHealth.of(configuration.status(), configuration.store());
    BooleanSupplier stopping = () -> !serving;
    return new GatewayParts(
        config,
        connections,
        pools,
        tokens,
        tokens,
        clients,
        chassis.contracts(),
        limits,
        telemetry,
        resilience,
        new LastGoodAnswers(),
        keys,
        peers,
        new Lookout(vertx, config, connections, pools, resilience, telemetry, state, stopping),
        console
            ? List.of(new Annex(ConsolePages.PREFIX, new ConsolePages(vertx)::answer))
            : List.of(),
        state,
        this::drained,
        stopping);
  }

  /** Nobody waits for it: until it is there, this process counts alone. */
  private void share(StoaConfig config) {
    limits
        .configure(vertx, config.redis())
        .onFailure(failure -> LOG.warn("Redis could not be left", failure));
  }

  private Future<?> deployServices(Set<Role> roles, List<ServiceModule> modules) {
    Stream<Future<?>> builtIn =
        roles.stream()
            .filter(role -> role.service().isPresent())
            .map(role -> deploy(role, 1, () -> services.verticle(role)));
    return Future.join(Stream.concat(builtIn, modules.stream().map(this::deploy)).toList());
  }

  private Future<Void> deployGateway(boolean console) {
    GatewayParts parts = gateway(console);
    return deploy(Role.GATEWAY, GATEWAYS, () -> new GatewayVerticle(parts));
  }

  private Future<Void> deploy(Role role, int instances, Supplier<VerticleBase> verticle) {
    return builtIn.deploy(role.toString(), live.get().address(role), instances, verticle);
  }

  private Future<Void> deploy(ServiceModule module) {
    StoaConfig config = live.get();
    ServiceConfig service = config.services().get(module.service());
    return added.deploy(
        module.service(),
        service.host() + ":" + service.port(),
        1,
        () -> new ModuleVerticle(chassis, service, config.database(), module));
  }

  private Future<Void> undeploy(Role role) {
    return builtIn.has(role.toString())
        ? builtIn.undeploy(role.toString()).onSuccess(ended -> drain.say(role + " is closed"))
        : Future.succeededFuture();
  }
}
