package dev.stoa.drill;

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

  /** Any port that is free. */
  private static final int ANY = 0;

  private final DrillPlan plan;
  private final String password = random();
  private final SandboxPorts ports = SandboxPorts.free(PRODUCTS);
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
    gateway = instance("gateway", ports.gateway(), "gateway", ports.management());
    orders = instance("orders", ports.orders(), "users,orders,payments", ANY);
    for (int i = 0; i < PRODUCTS; i++) {
      products.add(instance("products-" + (i + 1), ports.products().get(i), "products", ANY));
    }
  }

  /** Starts all of it and waits until it is ready. */
  void start() {
    JsonObject configuration = SandboxConfig.of(ports, password, random());
    write(plan.folder().resolve("conf/config.yaml"), configuration.encodePrettily());
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
    return api(ports.gateway());
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

  private Api api(int port) {
    return new Api(client, port, "");
  }

  private Instance instance(String name, int port, String roles, int management) {
    List<String> command = new ArrayList<>(plan.command());
    command.addAll(List.of("run", "--roles", roles));
    command.addAll(List.of("--conf", plan.folder().resolve("conf").toString()));
    // The instances of a service share its database, as they would share a server.
    command.addAll(List.of("--data", plan.folder().resolve("data").toString()));
    command.addAll(List.of("--set", "management.port=" + management, "--set", "node=" + name));
    if (roles.equals("products")) {
      command.addAll(List.of("--set", "services.product-service.port=" + port));
    }
    plan.overrides().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    return new Instance(name, command, plan.folder().resolve(name + ".log"), api(port));
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
