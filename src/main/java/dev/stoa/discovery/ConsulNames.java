package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.ext.consul.BlockingQueryOptions;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The question for the names of all services. For one context. */
final class ConsulNames {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulNames.class);

  /** Consul's own service, which nobody can call. */
  static final String ITSELF = "consul";

  private static final String BLIND =
      "consul lists no service, not even its own: it has just begun, or discovery.consul.token"
          + " does not allow to read services and nodes";

  private final ConsulApi api;
  private boolean itselfSeen;
  private boolean blind;

  ConsulNames(ConsulApi api) {
    this.api = api;
  }

  /** All names as Consul spells them, but for its own. */
  Future<ConsulLoop.Answer<Set<String>>> ask(BlockingQueryOptions since) {
    return api.services(since)
        .map(answer -> new ConsulLoop.Answer<>(answer.index(), others(answer.value())));
  }

  private Set<String> others(Set<String> names) {
    itselfSeen |= names.contains(ITSELF);
    boolean nothing = names.isEmpty();
    if (nothing && itselfSeen) {
      // It is always there. Whatever this is, it is no list of services that are gone.
      throw new IllegalStateException(BLIND);
    }
    warnOfBlindness(nothing);
    return names.stream().filter(name -> !name.equals(ITSELF)).collect(Collectors.toSet());
  }

  /** What a token may not read Consul leaves out, without a word. */
  private void warnOfBlindness(boolean nothing) {
    if (nothing && !blind) {
      LOG.warn(BLIND);
    }
    blind = nothing;
  }
}
