package dev.stoa.discovery;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the instances of this process registered with a Consul agent: looks again and again whether
 * they are there as they should be, because an agent that restarts may forget them. It looks before
 * it registers, because registering resets the state of the check. For one context.
 */
final class ConsulRegistrations {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulRegistrations.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final ConsulConfig config;
  private final ConsulApi api;
  private final Backoff backoff = new Backoff(LONGEST_PAUSE);
  private final Map<String, ServiceInstance> ours = new LinkedHashMap<>();
  private Future<Void> looking = Future.succeededFuture();
  private long timer = -1;
  private boolean closed;

  ConsulRegistrations(Vertx vertx, ConsulConfig config, ConsulApi api) {
    this.vertx = vertx;
    this.config = config;
    this.api = api;
  }

  Future<Void> announce(ServiceInstance instance) {
    ServiceInstance marked = ConsulFormat.marked(instance, config);
    ours.put(marked.id(), marked);
    return looking.eventually(this::look);
  }

  /** Looks soon: something has happened to the agent. */
  void lookSoon() {
    if (!ours.isEmpty()) {
      lookAfter(1);
    }
  }

  Future<Void> withdraw(String id) {
    if (ours.remove(id) == null) {
      return Future.succeededFuture();
    }
    // After a look that may just be registering it.
    return looking
        .eventually(() -> api.deregister(id))
        .otherwise(
            failure -> {
              LOG.warn(
                  "{} could not be deregistered from consul: {}", id, Failures.reason(failure));
              return null;
            });
  }

  Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    return looking;
  }

  private Future<Void> look() {
    if (closed || !looking.isComplete()) {
      return looking;
    }
    looking =
        api.registered()
            .compose(this::registerMissing)
            .onSuccess(
                done -> {
                  backoff.reset();
                  lookAfter(config.reregisterInterval().toMillis());
                })
            .otherwise(
                failure -> {
                  LOG.debug("consul could not be told of us", failure);
                  lookAfter(backoff.pauseMillis());
                  return null;
                });
    return looking;
  }

  private void lookAfter(long millis) {
    vertx.cancelTimer(timer);
    if (!closed && !ours.isEmpty()) {
      timer = vertx.setTimer(millis, id -> look());
    }
  }

  private Future<Void> registerMissing(Map<String, ServiceInstance> found) {
    List<Future<Void>> registrations =
        ours.values().stream()
            .filter(instance -> !instance.equals(found.get(instance.id())))
            .map(this::register)
            .toList();
    return Future.join(registrations).mapEmpty();
  }

  private Future<Void> register(ServiceInstance instance) {
    return api.register(ConsulFormat.write(instance, config.check()))
        .onSuccess(done -> LOG.info("{} is registered with consul", instance.id()))
        .onFailure(
            failure ->
                LOG.warn(
                    "{} could not be registered with consul: {}",
                    instance.id(),
                    Failures.reason(failure)));
  }
}
