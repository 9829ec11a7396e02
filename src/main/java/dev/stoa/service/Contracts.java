package dev.stoa.service;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.OpenAPIVersion;
import io.vertx.openapi.contract.impl.OpenAPIContractImpl;
import io.vertx.openapi.impl.OpenAPIFormatValidator;
import io.vertx.openapi.impl.Utils;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The contracts of the services, {@code openapi/<service>.yaml} of the class path, each loaded once
 * per process.
 */
public final class Contracts {
  private static final String BASE = "app://";
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
            name -> vertx.executeBlocking(() -> load(name), false).compose(Function.identity()));
    return contract.succeeded() ? Future.succeededFuture(contract.result()) : here(contract);
  }

  private Future<OpenAPIContract> load(String service) throws IOException {
    ContractFile.Found found = ContractFile.read(service);
    return found.proven()
        ? Future.succeededFuture(assembled(found.document()))
        : OpenAPIContract.from(vertx, found.document());
  }

  /**
   * What {@link OpenAPIContract#from} makes of a document when it is through with its proof, which
   * takes reading a dozen schemas of schemas first.
   */
  static OpenAPIContract assembled(JsonObject document) {
    SchemaRepository schemas =
        SchemaRepository.create(
            new JsonSchemaOptions()
                .setDraft(Draft.DRAFT202012)
                .setBaseUri(BASE)
                .setOutputFormat(OutputFormat.Basic),
            new OpenAPIFormatValidator());
    schemas.dereference(JsonSchema.of(document));
    return new OpenAPIContractImpl(
        schemas.resolve(document), OpenAPIVersion.fromContract(document), schemas);
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
