package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.Collector.Received;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One run of the jar as its operators watch it: traces, log and access log. */
@ExtendWith(VertxExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObservabilityIT {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String COLLECTOR_SECRET = "Bearer what-the-collector-wants-to-hear";
  private static final String KEY = "an-idempotency-key-of-somebody";
  private static final Set<String> SHOP =
      Set.of("stoa", "order-service", "product-service", "payment-service");

  private static Collector collector;
  private static RunningShop running;
  private static StoaSetup setup;

  @BeforeAll
  static void start(@TempDir Path home, Vertx vertx) {
    setup =
        StoaSetup.in(home)
            .option("--profile", "prod")
            .set("payments.success_rate", 1)
            .set("service.log_level", "TRACE")
            .set("access_log.enabled", true)
            .set("tracing.enabled", true)
            .set("tracing.otlp.headers.authorization", COLLECTOR_SECRET)
            .file("config.yaml", transport("http"));
    collector = Collector.at(Ports.free().gateway());
    setup.set("tracing.otlp.endpoint", collector.endpoint());
    running = RunningShop.open(vertx, setup);
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
    collector.close();
  }

  @Test
  @Order(1)
  void aCollectorThatIsAwayIsOneLineInTheLogAndNobodyElsesTrouble() {
    running.shop().visitor().get("/api/products").expect(200);
    Eventually.within(SOON, "a line", () -> lines("does not take them").count() == 1);
    running.shop().visitor().get("/api/products").expect(200);

    collector.start();

    Eventually.within(
        SOON,
        "the collector is back",
        () -> {
          running.shop().visitor().get("/api/products").expect(200);
          return lines("is back").count() == 1;
        });
    assertEquals(1, lines("does not take them").count());
  }

  @Test
  @Order(2)
  void anOrderIsOneTraceOverHttp() {
    followAnOrder();
  }

  @Test
  @Order(3)
  void anOrderIsOneTraceOverTheEventBus() {
    long before = lines("in force, changed: services").count();
    StoaSetup.write(setup.conf().resolve("config.yaml"), transport("event-bus"));
    Eventually.within(
        SOON, "the other transport", () -> lines("in force, changed: services").count() > before);

    followAnOrder();
  }

  private void followAnOrder() {
    String product = running.shop().product(running.admin(), "Amphora", 19.99, 3);
    Caller customer = running.shop().customer();
    Answer placed =
        Shop.await(
            Shop.answer(
                customer
                    .request(HttpMethod.POST, "/api/orders")
                    .port(setup.ports().gateway())
                    .putHeader("Content-Type", "application/json")
                    .putHeader("Idempotency-Key", KEY + System.nanoTime()),
                HttpMethod.POST,
                "/api/orders",
                Shop.basket(product, 2).toBuffer()));
    JsonObject order = placed.expect(201).json();
    Answer paid = customer.pay(order).expect(201);

    String trace = traceOf(paid);
    Eventually.within(
        SOON,
        () -> "all of the payment's trace in " + collector.trace(trace),
        () -> services(trace).equals(SHOP) && roots(trace) == 1);
    Set<String> ids = collector.trace(trace).stream().map(Received::id).collect(Collectors.toSet());
    for (Received span : collector.trace(trace)) {
      assertTrue(span.parent().isEmpty() || ids.contains(span.parent()), span::toString);
    }
    Set<String> names =
        collector.trace(trace).stream().map(Received::name).collect(Collectors.toSet());
    assertTrue(
        names.containsAll(
            Set.of("POST payments", "attempt at payment-service", "createPayment", "saga commit")),
        names::toString);
    JsonObject timeline =
        customer.get("/api/orders/" + order.getString("order_id") + "/timeline").expect(200).json();
    Set<String> traces = new TreeSet<>();
    timeline
        .getJsonArray("items")
        .forEach(event -> traces.add(((JsonObject) event).getString("trace_id")));
    assertEquals(Set.of(traceOf(placed), trace), traces);
    assertNotEquals(traceOf(placed), trace);
  }

  @Test
  @Order(4)
  void aStrangersTraceIsNotContinued() {
    String theirs = "0af7651916cd43dd8448eb211c80319c";
    Answer answer =
        Shop.await(
            Shop.answer(
                running
                    .shop()
                    .visitor()
                    .request(HttpMethod.GET, "/api/products")
                    .putHeader("traceparent", "00-" + theirs + "-b7ad6b7169203331-01"),
                HttpMethod.GET,
                "/api/products",
                null));

    String trace = traceOf(answer.expect(200));
    Eventually.within(SOON, "its trace", () -> services(trace).contains("product-service"));
    assertEquals(List.of(), collector.trace(theirs));
  }

  @Test
  @Order(5)
  void theLogIsJsonAndEveryExchangeIsInItWithoutSecrets() {
    Answer refused = running.shop().visitor().get("/api/orders?token=in-a-query");
    refused.expectProblem(401, "missing-token");
    running.admin().with(running.admin().token().orElseThrow() + "x").get("/api/orders");

    String id = refused.header("X-Request-Id");
    Eventually.within(SOON, "its line", () -> access(id).count() == 1);
    JsonObject line = access(id).findFirst().orElseThrow();
    assertEquals("GET", line.getString("method"), line::encode);
    assertEquals("/api/orders", line.getString("path"), line::encode);
    assertEquals("orders", line.getString("route"), line::encode);
    assertEquals(401, line.getInteger("status"), line::encode);
    assertEquals("127.0.0.1", line.getString("client"), line::encode);
    assertTrue(line.getDouble("duration_ms") > 0, line::encode);
    assertTrue(line.getLong("bytes") > 0, line::encode);
    JsonObject payment =
        all()
            .filter(entry -> "access".equals(entry.getString("logger")))
            .filter(entry -> "payments".equals(entry.getString("route")))
            .findFirst()
            .orElseThrow();
    assertTrue(payment.getString("upstream").startsWith("payment-service"), payment::encode);
    assertFalse(payment.getString("user_id").isEmpty(), payment::encode);
    assertEquals(32, payment.getString("trace_id").length(), payment::encode);
    all().forEach(entry -> assertTrue(entry.getString("time").endsWith("Z"), entry::encode));

    String log = running.process().output();
    assertEquals(
        List.of(),
        Stream.of(
                StoaSetup.ADMIN_PASSWORD,
                StoaSetup.SECRET,
                COLLECTOR_SECRET,
                "what-the-collector",
                running.admin().token().orElseThrow(),
                "eyJ",
                "password of",
                "in-a-query",
                KEY)
            .filter(log::contains)
            .toList());
  }

  @Test
  @Order(6)
  void theCollectorsSecretIsSentAndShownToNobody() {
    assertTrue(collector.authorizations().contains(COLLECTOR_SECRET));
    String shown = setup.command("check").out();
    assertTrue(shown.contains("\"authorization\" : \"***\""), shown);
  }

  private static Stream<JsonObject> access(String requestId) {
    return all()
        .filter(line -> "access".equals(line.getString("logger")))
        .filter(line -> requestId.equals(line.getString("request_id")));
  }

  /** Fails where a line is none. */
  private static Stream<JsonObject> all() {
    String output = running.process().output();
    return output.substring(0, output.lastIndexOf('\n') + 1).lines().map(JsonObject::new);
  }

  private static Stream<JsonObject> lines(String message) {
    return all().filter(line -> line.getString("message").contains(message));
  }

  /** The trace of the exchange that was answered so. */
  private static String traceOf(Answer answer) {
    String id = answer.header("X-Request-Id");
    Eventually.within(SOON, "its line in the log", () -> access(id).count() == 1);
    return access(id).findFirst().orElseThrow().getString("trace_id");
  }

  private static Set<String> services(String trace) {
    return collector.trace(trace).stream()
        .map(Received::service)
        .filter(service -> !service.equals("user-service"))
        .collect(Collectors.toSet());
  }

  private static long roots(String trace) {
    return collector.trace(trace).stream().filter(span -> span.parent().isEmpty()).count();
  }

  private static String transport(String name) {
    return Stream.of("user-service", "product-service", "order-service", "payment-service")
        .map(service -> "  " + service + ": {transport: " + name + "}\n")
        .collect(Collectors.joining("", "services:\n", ""));
  }
}
