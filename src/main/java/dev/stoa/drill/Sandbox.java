package dev.stoa.drill;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * A whole system that is there to be broken: a gateway, users with orders and payments, and three
 * processes that offer the same products, on ports of loopback that were free and in a folder that
 * is removed at the end. Closing it ends every process, whatever state it is in; safe to close from
 * another thread.
 */
final class Sandbox implements AutoCloseable {
  static final int PRODUCTS = 3;

  private static final Duration LOGIN = Duration.ofSeconds(30);
  private static final int USERS = 0;
  private static final int ORDERS = 1;
  private static final int PAYMENTS = 2;
  private static final int GATEWAY = 3;
  private static final int MANAGEMENT = 4;
  private static final int FIRST_PRODUCTS = 5;

  private final DrillPlan plan;
  private final String password = random();
  private final List<Integer> ports = FreePorts.some(FIRST_PRODUCTS + PRODUCTS);
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final Instance gateway;
  private final Instance orders;
  private final List<Instance> products = new ArrayList<>();

  Sandbox(DrillPlan plan) {
    this.plan = plan;
    gateway = instance("gateway", GATEWAY, "gateway", MANAGEMENT);
    orders = instance("orders", ORDERS, "users,orders,payments", -1);
    for (int i = 0; i < PRODUCTS; i++) {
      products.add(instance("products-" + (i + 1), FIRST_PRODUCTS + i, "products", -1));
    }
  }

  /** Starts all of it and waits until it is ready. */
  void start() {
    write(plan.folder().resolve("conf/config.yaml"), configuration().encodePrettily());
    // The first at a database makes its tables.
    products.get(0).start();
    orders.start();
    gateway.start();
    products.get(0).awaitReady();
    products.stream().skip(1).forEach(Instance::start);
    orders.awaitReady();
    products.forEach(Instance::awaitReady);
    gateway.awaitReady();
  }

  /** The API, for nobody in particular. */
  Api api() {
    return api(GATEWAY);
  }

  Api admin() {
    return logIn("admin", password);
  }

  Api logIn(String username, String secret) {
    JsonObject who = new JsonObject().put("username", username).put("password", secret);
    AtomicReference<Api.Answer> session = new AtomicReference<>(Api.Answer.NONE);
    boolean loggedIn =
        Pause.until(
            LOGIN,
            () -> {
              session.set(api().post("/api/auth/login", who));
              return session.get().ok();
            });
    if (!loggedIn) {
      throw new DrillFailure("nobody can log in: " + session.get().body());
    }
    return api().as(session.get().json().getString("token"));
  }

  /** The process of users, orders and payments. */
  Instance orders() {
    return orders;
  }

  List<Instance> products() {
    return products;
  }

  @Override
  public synchronized void close() {
    Stream.concat(Stream.of(gateway, orders), products.stream()).forEach(Instance::end);
    if (!Files.exists(plan.folder())) {
      return;
    }
    try (Stream<Path> files = Files.walk(plan.folder())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new DrillFailure("the sandbox cannot be removed: " + e.getMessage(), e);
    }
  }

  private Api api(int service) {
    return new Api(client, ports.get(service), "");
  }

  private Instance instance(String name, int service, String roles, int management) {
    List<String> command = new ArrayList<>(plan.command());
    command.addAll(List.of("run", "--roles", roles));
    command.addAll(List.of("--conf", plan.folder().resolve("conf").toString()));
    // The instances of a service share its database, as they would share a server.
    command.addAll(List.of("--data", plan.folder().resolve("data").toString()));
    int port = management < 0 ? 0 : ports.get(management);
    command.addAll(List.of("--set", "management.port=" + port, "--set", "node=" + name));
    if (roles.equals("products")) {
      command.addAll(List.of("--set", "services.product-service.port=" + ports.get(service)));
    }
    plan.overrides().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return new Instance(name, command, plan.folder().resolve(name + ".log"), api(service));
  }

  /** Short times, so that in seconds everything happens that takes minutes in earnest. */
  private JsonObject configuration() {
    JsonArray products = new JsonArray();
    for (int i = 0; i < PRODUCTS; i++) {
      products.add(url(FIRST_PRODUCTS + i));
    }
    return new JsonObject()
        .put("auth", new JsonObject().put("jwt_secret", random()))
        .put(
            "users",
            new JsonObject().put("bootstrap_admin", new JsonObject().put("password", password)))
        .put("gateway", new JsonObject().put("port", ports.get(GATEWAY)))
        .put(
            "services",
            new JsonObject()
                .put("user-service", new JsonObject().put("port", ports.get(USERS)))
                .put("order-service", new JsonObject().put("port", ports.get(ORDERS)))
                .put("payment-service", new JsonObject().put("port", ports.get(PAYMENTS))))
        .put(
            "discovery",
            new JsonObject()
                .put("type", "static")
                .put(
                    "static",
                    new JsonObject()
                        .put(
                            "services",
                            new JsonObject()
                                .put("user-service", new JsonArray().add(url(USERS)))
                                .put("order-service", new JsonArray().add(url(ORDERS)))
                                .put("payment-service", new JsonArray().add(url(PAYMENTS)))
                                .put("product-service", products))))
        .put("circuit_breaker", new JsonObject().put("recovery_timeout", "1s"))
        .put(
            "outlier_detection",
            new JsonObject()
                .put("consecutive_failures", 3)
                .put("ejection_time", "2s")
                .put("max_ejection_time", "2s"))
        .put(
            "orders",
            new JsonObject()
                .put("saga", new JsonObject().put("base_delay", "200ms").put("max_delay", "1s")))
        .put("payments", new JsonObject().put("success_rate", 1))
        .put("service", new JsonObject().put("log_level", "INFO"))
        .put(
            "rate_limiting",
            new JsonObject()
                .put("default_limit", "100000/second")
                .put("burst_limit", 1000000)
                .put("login_limit", "1000/second"))
        .put(
            "routes",
            new JsonArray()
                .add(route("users", "user-service", "required", "30s"))
                .add(route("orders", "order-service", "required", "30s"))
                .add(route("payments", "payment-service", "required", "30s"))
                .add(
                    route("products", "product-service", "optional", "2s").put("deadline", "10s")));
  }

  private static JsonObject route(String path, String service, String auth, String timeout) {
    return new JsonObject()
        .put("name", path)
        .put("path", "/api/" + path + "/*")
        .put("target", "http://" + service)
        .put("auth", auth)
        .put("timeout", timeout);
  }

  /** Services of the same build heed keys; a registry would say so. */
  private JsonObject url(int service) {
    return new JsonObject()
        .put("url", "http://127.0.0.1:" + ports.get(service))
        .put("metadata", new JsonObject().put("idempotency-key", "true"));
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new DrillFailure("the sandbox cannot be written: " + e.getMessage(), e);
    }
  }

  private static String random() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
