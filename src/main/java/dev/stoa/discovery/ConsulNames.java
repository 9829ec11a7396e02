package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.ext.consul.BlockingQueryOptions;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.Service;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The question for the names of all services. For one context. */
final class ConsulNames {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulNames.class);

  /** Consul's own service, which nobody can call. */
  static final String ITSELF = "consul";

  private final ConsulClient client;
  private boolean blind;

  ConsulNames(ConsulClient client) {
    this.client = client;
  }

  /** All names as Consul spells them, but for its own. */
  Future<ConsulLoop.Answer<Set<String>>> ask(BlockingQueryOptions options) {
    return client
        .catalogServicesWithOptions(options)
        .map(
            list -> {
              warnOfBlindness(list.getList().isEmpty());
              Set<String> names =
                  list.getList().stream()
                      .map(Service::getName)
                      .filter(name -> !name.equals(ITSELF))
                      .collect(Collectors.toSet());
              return new ConsulLoop.Answer<>(list.getIndex(), names);
            });
  }

  /** What a token may not read Consul leaves out, without a word. */
  private void warnOfBlindness(boolean nothing) {
    if (nothing && !blind) {
      LOG.warn(
          "consul lists no service, not even its own: it has just begun, or discovery.consul.token"
              + " does not allow to read services and nodes");
    }
    blind = nothing;
  }
}
