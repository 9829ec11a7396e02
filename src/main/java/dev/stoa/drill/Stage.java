package dev.stoa.drill;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where a scenario is played: the running sandbox, who calls it, and what admins see of it. */
final class Stage {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int STOCK = 1_000_000;
  private static final String CUSTOMER = "zeno";
  private static final String PASSWORD = "citium-334-bc";
  private static final Duration SHOWN = Duration.ofMillis(250);

  private final Sandbox sandbox;
  private final DrillProgress progress;
  private final Duration load;
  private final Api admin;
  private final Api customer;
  private final String product;
  private Traffic traffic;

  private Stage(
      Sandbox sandbox,
      DrillProgress progress,
      Duration load,
      Api admin,
      Api customer,
      String product) {
    this.sandbox = sandbox;
    this.progress = progress;
    this.load = load;
    this.admin = admin;
    this.customer = customer;
    this.product = product;
  }

  /** With a customer and something to buy. */
  static Stage in(Sandbox sandbox, DrillProgress progress, Duration load) {
    Api admin = sandbox.admin();
    JsonObject amphora =
        new JsonObject().put("name", "Amphora").put("price", 19.99).put("stock", STOCK);
    String once = UUID.randomUUID().toString();
    AtomicReference<Api.Answer> made = new AtomicReference<>(Api.Answer.NONE);
    Pause.until(
        PATIENCE,
        () -> {
          made.set(admin.post("/api/products", amphora, once));
          return made.get().ok();
        });
    JsonObject who = new JsonObject().put("username", CUSTOMER).put("password", PASSWORD);
    sandbox.api().post("/api/auth/register", who);
    if (!made.get().ok()) {
      throw new DrillFailure("nothing can be put on the shelf: " + made.get().body());
    }
    return new Stage(
        sandbox,
        progress,
        load,
        admin,
        sandbox.logIn(CUSTOMER, PASSWORD),
        made.get().json().getString("product_id"));
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Books books() {
    return new Books(admin);
  }

  /** A share of the time for which load is to flow. */
  Duration share(double share) {
    return Duration.ofMillis((long) (load.toMillis() * share));
  }

  /** Lets requests flow until {@link #endTraffic}. */
  Traffic beginTraffic(boolean withBuyers) {
    traffic = new Traffic(sandbox.api(), customer, product).start(withBuyers);
    return traffic;
  }

  void endTraffic() {
    traffic.end();
  }

  /** Lets time go by, and shows how it goes. */
  void pass(Duration time, String what) {
    long end = System.nanoTime() + time.toNanos();
    awaiting(time.plusSeconds(1), what, () -> System.nanoTime() >= end);
  }

  /** Waits for something that ought to happen; answers how long it took, if it did in time. */
  Optional<Duration> await(Duration limit, String what, BooleanSupplier condition) {
    long began = System.nanoTime();
    return awaiting(limit, what, condition)
        ? Optional.of(Duration.ofNanos(System.nanoTime() - began))
        : Optional.empty();
  }

  private boolean awaiting(Duration limit, String what, BooleanSupplier condition) {
    long[] next = {0};
    return Pause.until(
        limit,
        () -> {
          if (System.nanoTime() > next[0]) {
            next[0] = System.nanoTime() + SHOWN.toNanos();
            progress.now(how(what));
          }
          return condition.getAsBoolean();
        });
  }

  private String how(String what) {
    return "%s: %d reads, %d failed, %d orders, %d paid"
        .formatted(
            what,
            traffic.reads().count(),
            traffic.reads().failed(),
            traffic.ledger().orders().size(),
            traffic.ledger().paidOrders().size());
  }

  /** Whether the gateway leaves this instance out. */
  boolean isEjected(Instance instance) {
    return seen(instance).anyMatch(one -> one.containsKey("ejected_until"));
  }

  /** How many requests of the gateway this instance has answered well. */
  long successes(Instance instance) {
    return seen(instance).mapToLong(one -> one.getLong("successes", 0L)).sum();
  }

  private Stream<JsonObject> seen(Instance instance) {
    return objects(admin.get("/api/admin/services").json(), "services")
        .flatMap(service -> objects(service, "instances"))
        .filter(one -> one.getInteger("port", 0) == instance.port());
  }

  /** The state of the gateway's breaker of the products; empty where there is none yet. */
  String breaker() {
    return objects(admin.get("/api/admin/resilience").json(), "upstreams")
        .filter(one -> one.getString("upstream", "").contains("product"))
        .filter(one -> !one.getString("upstream").startsWith("calls of"))
        .map(one -> one.getString("state", ""))
        .findFirst()
        .orElse("");
  }

  /** {@code 1.25 s}; {@code never} where it did not happen. */
  static String seconds(Optional<Duration> time) {
    return time.map(t -> String.format(Locale.ROOT, "%.2f s", t.toMillis() / 1_000.0))
        .orElse("never");
  }

  private static Stream<JsonObject> objects(JsonObject json, String list) {
    return Stream.of(json.getJsonArray(list, new JsonArray()))
        .flatMap(JsonArray::stream)
        .map(JsonObject.class::cast);
  }

  /** Something to try until it works. */
  Optional<Duration> until(Duration limit, String what, Supplier<Api.Answer> request) {
    return await(limit, what, () -> request.get().ok());
  }

  Api.Answer read() {
    return sandbox.api().get("/api/products/" + product);
  }

  Api.Answer readOrders() {
    return customer.get("/api/orders?limit=1");
  }
}
