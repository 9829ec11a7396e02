package dev.stoa.service;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.impl.Utils;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The contracts of the services, {@code openapi/<service>.yaml} of the class path, each loaded once
 * per process.
 */
public final class Contracts {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");

  private final Vertx vertx;
  private final Map<String, Future<OpenAPIContract>> loaded = new ConcurrentHashMap<>();

  public Contracts(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Begins to load these contracts, so that they are there when they are asked for. */
  public void preload(Collection<String> services) {
    services.forEach(this::of);
  }

  /** The contract of a service; fails where there is none or it is no valid OpenAPI 3.1. */
  public Future<OpenAPIContract> of(String service) {
    Future<OpenAPIContract> contract =
        loaded.computeIfAbsent(
            service,
            name ->
                vertx
                    .executeBlocking(() -> ContractFile.read(name), false)
                    .compose(document -> OpenAPIContract.from(vertx, document)));
    return contract.succeeded() ? Future.succeededFuture(contract.result()) : here(contract);
  }

  /** On the caller's context, where what follows belongs; not where the contract was loaded. */
  private Future<OpenAPIContract> here(Future<OpenAPIContract> contract) {
    Context caller = vertx.getOrCreateContext();
    Promise<OpenAPIContract> promise = Promise.promise();
    contract
        .onSuccess(loadedOne -> caller.runOnContext(v -> promise.complete(loadedOne)))
        .onFailure(failure -> caller.runOnContext(v -> promise.fail(failure)));
    return promise.future();
  }

  /** Whether there is a contract of that name. */
  public boolean has(String service) {
    return NAME.matcher(service).matches()
        && Contracts.class.getClassLoader().getResource(ContractFile.written(service)) != null;
  }

  /** The contract as it is written, read anew at each call. */
  public Future<JsonObject> document(String service) {
    return Utils.readYamlOrJson(vertx, ContractFile.written(service));
  }
}
