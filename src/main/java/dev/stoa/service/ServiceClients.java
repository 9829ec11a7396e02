package dev.stoa.service;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;

/**
 * Calls services over the transport that is configured for each, looked up at each call. One per
 * process; the holder keeps it and closes it.
 */
public final class ServiceClients implements ServiceClient {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

  private final Live<Map<String, ServiceConfig>> services;
  private final Tokens tokens;
  private final HttpServiceClient http;
  private final BusServiceClient bus;

  public ServiceClients(
      Vertx vertx,
      Contracts contracts,
      InstancePools pools,
      Tokens tokens,
      Live<Map<String, ServiceConfig>> services) {
    this.services = services;
    this.tokens = tokens;
    this.http = new HttpServiceClient(vertx, contracts, pools);
    this.bus = new BusServiceClient(vertx);
  }

  @Override
  public Future<Reply> call(ServiceRequest request) {
    ServiceConfig config = services.get().get(request.service());
    Duration timeout = config == null ? DEFAULT_TIMEOUT : config.timeout();
    boolean overBus = config != null && config.transport() == Transport.EVENT_BUS;
    String authorization = tokens.serviceAuthorization();
    return overBus
        ? bus.call(request, authorization, timeout)
        : http.call(request, authorization, timeout);
  }

  public Future<Void> close() {
    return http.close();
  }
}
