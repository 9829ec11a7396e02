package dev.stoa.app;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles of this process that run, by the names of what they do. Safe on any thread. */
final class Deployments {
  private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

  private final Vertx vertx;
  private final Map<String, String> ids = new ConcurrentHashMap<>();

  Deployments(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Deploys so many instances, all or none. Fails with {@link StartFailure}.
   *
   * @param address where they are to listen
   */
  Future<Void> deploy(
      String name, String address, int instances, Supplier<? extends VerticleBase> verticle) {
    return vertx
        .deployVerticle(verticle, new DeploymentOptions().setInstances(instances))
        .onSuccess(id -> ids.put(name, id))
        .<Void>mapEmpty()
        .recover(failure -> Future.failedFuture(new StartFailure(name, address, failure)));
  }

  boolean has(String name) {
    return ids.containsKey(name);
  }

  /** Ends what runs under that name, if anything does. */
  Future<Void> undeploy(String name) {
    String id = ids.remove(name);
    return id == null
        ? Future.succeededFuture()
        : vertx
            .undeploy(id)
            .onFailure(failure -> LOG.warn("{} did not stop cleanly", name, failure));
  }

  /** Ends all that runs. */
  Future<Void> undeployAll() {
    return Future.join(List.copyOf(ids.keySet()).stream().map(this::undeploy).toList()).mapEmpty();
  }
}
