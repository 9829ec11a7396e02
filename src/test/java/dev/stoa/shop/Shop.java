package dev.stoa.shop;

import dev.stoa.config.Live;
import dev.stoa.discovery.InstancePools;
import dev.stoa.discovery.LocalRegistry;
import dev.stoa.discovery.ServiceRegistry;
import dev.stoa.orders.OrdersConfig;
import dev.stoa.orders.OrdersVerticle;
import dev.stoa.orders.SagaConfig;
import dev.stoa.payments.PaymentsConfig;
import dev.stoa.payments.PaymentsVerticle;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.products.ProductsConfig;
import dev.stoa.products.ProductsVerticle;
import dev.stoa.service.AuthConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.Contracts;
import dev.stoa.service.Identity;
import dev.stoa.service.ServiceClients;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.Tokens;
import dev.stoa.service.Transport;
import dev.stoa.users.AdminPolicy;
import dev.stoa.users.UsersConfig;
import dev.stoa.users.UsersVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The four services in this process, each with its database, reached over HTTP without a gateway.
 * They call each other over the transport that is asked for.
 */
public final class Shop implements AutoCloseable {
  private static final OrdersConfig ORDERS =
      new OrdersConfig(Duration.ofMinutes(15), Duration.ofSeconds(30));

  private final Vertx vertx = Vertx.vertx();
  private final ServiceRegistry registry = new LocalRegistry();
  private final WebClient web =
      WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(50));
  private final Map<String, String> deployments = new TreeMap<>();
  private final DatabaseConfig databases;
  private final Duration patience;
  private final Transport transport;
  private final Tokens tokens;
  private final ServiceClients clients;
  private final Chassis chassis;
  private volatile OrdersConfig orders = ORDERS;
  private volatile PaymentsConfig payments;

  /** Somebody with a token. */
  public record Person(String id, String token) {}

  public Shop(Path directory, Transport transport) {
    this(new DatabaseConfig(directory), transport, Duration.ofSeconds(5));
  }

  /** With databases that others may be at as well, waiting for each other for so long. */
  public Shop(DatabaseConfig databases, Transport transport, Duration patience) {
    this.databases = databases;
    this.transport = transport;
    this.patience = patience;
    this.tokens =
        new Tokens(
            vertx,
            Live.fixed(AuthConfig.ofSecret("q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA")),
            InstantSource.system());
    Contracts contracts = new Contracts(vertx);
    this.clients =
        new ServiceClients(
            vertx,
            contracts,
            new InstancePools(registry),
            tokens,
            () ->
                Map.of(
                    UsersVerticle.SERVICE, config(UsersVerticle.SERVICE),
                    ProductsVerticle.SERVICE, config(ProductsVerticle.SERVICE),
                    OrdersVerticle.SERVICE, config(OrdersVerticle.SERVICE),
                    PaymentsVerticle.SERVICE, config(PaymentsVerticle.SERVICE)));
    this.chassis = new Chassis(registry, tokens, contracts, clients);
    reset();
    for (String service :
        List.of(
            UsersVerticle.SERVICE,
            ProductsVerticle.SERVICE,
            OrdersVerticle.SERVICE,
            PaymentsVerticle.SERVICE)) {
      start(service);
    }
  }

  private ServiceConfig config(String service) {
    return new ServiceConfig(service, "127.0.0.1", 0, transport, patience);
  }

  /** Starts a service that was stopped. */
  public void start(String service) {
    ServiceConfig config = config(service);
    Future<String> deployed =
        switch (service) {
          case UsersVerticle.SERVICE ->
              vertx.deployVerticle(
                  new UsersVerticle(
                      chassis,
                      config,
                      databases,
                      Live.fixed(new UsersConfig(1000, "admin", Optional.empty())),
                      AdminPolicy.configuredOnly()));
          case ProductsVerticle.SERVICE ->
              vertx.deployVerticle(
                  new ProductsVerticle(
                      chassis, config, databases, Live.fixed(new ProductsConfig("USD"))));
          case OrdersVerticle.SERVICE ->
              vertx.deployVerticle(new OrdersVerticle(chassis, config, databases, () -> orders));
          case PaymentsVerticle.SERVICE ->
              vertx.deployVerticle(
                  new PaymentsVerticle(chassis, config, databases, () -> payments));
          default -> throw new IllegalArgumentException(service);
        };
    deployments.put(service, await(deployed));
  }

  public void stop(String service) {
    await(vertx.undeploy(deployments.remove(service)));
  }

  /** Back to a long hold, and a provider that approves everything. */
  public void reset() {
    orders = ORDERS;
    provider(1);
  }

  /** Holds stock for so long from now on, and sweeps that often after the next sweep. */
  public void hold(Duration hold, Duration sweepInterval) {
    orders = new OrdersConfig(hold, sweepInterval);
  }

  /** Tries each step so often, soon, and then waits for an operator. */
  public void attempts(int maxAttempts) {
    orders =
        new OrdersConfig(
            Duration.ofMinutes(15),
            Duration.ofMillis(50),
            Duration.ofMinutes(1),
            new SagaConfig(maxAttempts, Duration.ofMillis(20), Duration.ofMillis(100)));
  }

  /** The provider approves that share of charges from now on. */
  public void provider(double successRate) {
    payments =
        new PaymentsConfig(
            PaymentsConfig.Provider.SIMULATED, successRate, 1, Duration.ofSeconds(30));
  }

  public Person admin() {
    return person(UUID.randomUUID().toString(), Set.of(Identity.ADMIN));
  }

  /** A registered customer. */
  public Person customer() {
    JsonObject user =
        new JsonObject()
            .put("username", "u" + UUID.randomUUID().toString().substring(0, 13))
            .put("password", "correct horse battery");
    HttpResponse<Buffer> answer =
        call(HttpMethod.POST, UsersVerticle.SERVICE, "/auth/register", null, user);
    return person(ok(201, answer).getString("user_id"), Set.of(Identity.CUSTOMER));
  }

  private Person person(String id, Set<String> roles) {
    return new Person(id, tokens.issue(new Identity(id, "p-" + id, roles)).token());
  }

  /** A new product; its id. */
  public String product(String price, long stock) {
    return product(price, stock, "USD");
  }

  public String product(String price, long stock, String currency) {
    JsonObject product =
        new JsonObject("{\"price\":" + price + "}")
            .put("name", "Lamp")
            .put("stock", stock)
            .put("currency", currency);
    return ok(201, call(HttpMethod.POST, ProductsVerticle.SERVICE, "/products", admin(), product))
        .getString("product_id");
  }

  public long stock(String product) {
    return ok(
            200, call(HttpMethod.GET, ProductsVerticle.SERVICE, "/products/" + product, null, null))
        .getLong("stock");
  }

  /** The body of an order of these products, one of each pair's quantity. */
  public static JsonObject basket(Object... productsAndQuantities) {
    JsonArray items = new JsonArray();
    for (int i = 0; i < productsAndQuantities.length; i += 2) {
      items.add(
          new JsonObject()
              .put("product_id", productsAndQuantities[i])
              .put("quantity", productsAndQuantities[i + 1]));
    }
    return new JsonObject().put("items", items);
  }

  /** An order that was placed: its JSON. */
  public JsonObject order(Person person, Object... productsAndQuantities) {
    return ok(201, post(OrdersVerticle.SERVICE, "/orders", person, basket(productsAndQuantities)));
  }

  public JsonObject order(Person person, String orderId) {
    return ok(200, get(OrdersVerticle.SERVICE, "/orders/" + orderId, person));
  }

  public HttpResponse<Buffer> status(Person person, String orderId, String status) {
    return call(
        HttpMethod.PUT,
        OrdersVerticle.SERVICE,
        "/orders/" + orderId + "/status",
        person,
        new JsonObject().put("status", status));
  }

  /** Pays an order in full. */
  public HttpResponse<Buffer> pay(Person person, JsonObject order) {
    return await(payLater(person, order));
  }

  public Future<HttpResponse<Buffer>> payLater(Person person, JsonObject order) {
    return send(HttpMethod.POST, PaymentsVerticle.SERVICE, "/payments", person, payment(order));
  }

  /** The body of a payment of an order in full. */
  public static JsonObject payment(JsonObject order) {
    return new JsonObject()
        .put("order_id", order.getString("order_id"))
        .put("payment_method", "card")
        .put("amount", order.getValue("total_amount"));
  }

  public HttpResponse<Buffer> post(String service, String path, Person person, JsonObject body) {
    return call(HttpMethod.POST, service, path, person, body);
  }

  public HttpResponse<Buffer> get(String service, String path, Person person) {
    return call(HttpMethod.GET, service, path, person, null);
  }

  private HttpResponse<Buffer> call(
      HttpMethod method, String service, String path, Person person, JsonObject body) {
    return await(send(method, service, path, person, body));
  }

  public Future<HttpResponse<Buffer>> send(
      HttpMethod method, String service, String path, Person person, JsonObject body) {
    HttpRequest<Buffer> request = request(method, service, path, person);
    return body == null ? request.send() : request.sendJsonObject(body);
  }

  private HttpRequest<Buffer> request(
      HttpMethod method, String service, String path, Person person) {
    int port = registry.catalog().instances(service).get(0).port();
    HttpRequest<Buffer> request = web.request(method, port, "127.0.0.1", path);
    return person == null ? request : request.bearerTokenAuthentication(person.token());
  }

  /** Posts under an idempotency key. */
  public Future<HttpResponse<Buffer>> send(
      String service, String path, Person person, String key, JsonObject body) {
    HttpRequest<Buffer> request = request(HttpMethod.POST, service, path, person);
    return request.putHeader("Idempotency-Key", key).sendJsonObject(body);
  }

  public Vertx vertx() {
    return vertx;
  }

  public ServiceClients clients() {
    return clients;
  }

  /** The body of an answer that has that status. */
  public static JsonObject ok(int status, HttpResponse<Buffer> answer) {
    if (answer.statusCode() != status) {
      throw new AssertionError(
          "expected " + status + ", got " + answer.statusCode() + " " + answer.bodyAsString());
    }
    return answer.bodyAsJsonObject();
  }

  /** The body of an answer that is that problem. */
  public static JsonObject problem(int status, String type, HttpResponse<Buffer> answer) {
    JsonObject body = ok(status, answer);
    if (!body.getString("type").equals("/problems/" + type)) {
      throw new AssertionError("expected " + type + ", got " + body);
    }
    return body;
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Waits, ten seconds at most, until something is so. */
  public static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not so within 10 s");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  @Override
  public void close() {
    web.close();
    await(vertx.close().eventually(clients::close));
  }
}
