package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus scrapes the running jar: what it reads is well-formed and documented, and each
 * rule and each panel of the dashboard asks for what is there.
 */
@ExtendWith(VertxExtension.class)
class PrometheusIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Path RULES = Path.of("conf", "prometheus").toAbsolutePath();
  private static final Path DASHBOARD = Path.of("conf", "grafana", "stoa.json");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:stoa|vertx|jvm|process|system)_[a-z0-9_]+\\b");
  private static final Pattern CODE = Pattern.compile("`(stoa_[a-z0-9_]+)`");

  private static final PrometheusTools PROMETHEUS = new PrometheusTools();

  private static RunningShop running;
  private static Path home;

  @BeforeAll
  static void start(@TempDir Path folder, Vertx vertx) {
    home = folder;
    StoaSetup setup =
        StoaSetup.in(folder)
            .set("payments.success_rate", 1)
            .set("orders.check_interval", "1s")
            .set("tracing.enabled", true)
            .set("tracing.otlp.endpoint", "http://127.0.0.1:9"); // nobody there
    running = RunningShop.open(vertx, setup);
    String product = running.shop().product(running.admin(), "Amphora", 19.99, 3);
    Caller customer = running.shop().customer();
    customer.pay(customer.order(product, 1).expect(201).json()).expect(201);
    running.shop().visitor().get("/api/orders").expect(401);
    Eventually.within(
        SOON,
        "all that is counted",
        () ->
            metrics().contains("stoa_sagas{")
                && metrics().contains("stoa_outbox_events{")
                && metrics().contains("stoa_tracing_spans_total{"));
    Path config = folder.resolve("prometheus.yml");
    StoaSetup.write(
        config,
        """
        global: {scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 2s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: stoa
            static_configs: [{targets: ["127.0.0.1:%d"]}]
        """
            .formatted(RULES.resolve("alerts.yml"), setup.ports().management()));
    PROMETHEUS.start(config, folder);
    Eventually.within(
        SOON,
        "two scrapes",
        () -> !result("rate(stoa_gateway_request_duration_seconds_count[1m])").isEmpty());
  }

  @AfterAll
  static void stop() {
    PROMETHEUS.close();
    if (running != null) {
      running.close();
    }
  }

  @Test
  void theNumbersAreAsPrometheusWantsThem() {
    Path scraped = home.resolve("metrics.txt");
    StoaSetup.write(scraped, metrics());

    PrometheusTools.Said said = PrometheusTools.promtool(scraped, "check", "metrics");

    assertEquals(0, said.exit(), said::text);
  }

  @Test
  void everyMetricIsInTheReadmeAndNoOther() throws IOException {
    Set<String> served = new TreeSet<>();
    metrics()
        .lines()
        .filter(line -> line.startsWith("# TYPE stoa_"))
        .forEach(line -> served.add(line.split(" ")[2]));
    Set<String> documented = new TreeSet<>();
    Files.readString(Path.of("README.md"))
        .lines()
        .filter(line -> line.startsWith("| `stoa_"))
        .map(line -> line.split("\\|")[1])
        .forEach(cell -> CODE.matcher(cell).results().forEach(m -> documented.add(m.group(1))));

    assertEquals(served, documented);
  }

  @Test
  void theRulesAreSoundAndDoWhatTheirTestsSay() {
    for (List<String> check :
        List.of(
            List.of("check", "rules", RULES.resolve("alerts.yml").toString()),
            List.of("test", "rules", RULES.resolve("alerts-test.yml").toString()),
            List.of("check", "config", RULES.resolve("prometheus.yml").toString()))) {
      PrometheusTools.Said said = PrometheusTools.promtool(null, check.toArray(String[]::new));
      assertEquals(0, said.exit(), said::text);
    }
  }

  @Test
  void everyRuleIsEvaluatedOverSeriesThatExistAndNoneFiresInARunThatIsWell() {
    Eventually.within(
        SOON, () -> rules().toString(), () -> rules().stream().allMatch(this::isEvaluated));

    List<String> missing = new ArrayList<>();
    for (JsonObject rule : rules()) {
      missing.addAll(missing(rule.getString("query")));
      // On a machine with too much to do a scrape may fail, for a moment.
      assertNotEquals("firing", rule.getString("state"), rule::encode);
    }
    assertEquals(List.of(), missing);
    assertTrue(rules().size() > 10, rules()::toString);
  }

  @Test
  void everyPanelOfTheDashboardAsksForWhatIsThere() throws IOException {
    List<String> expressions = new ArrayList<>();
    for (Object panel : new JsonObject(Files.readString(DASHBOARD)).getJsonArray("panels")) {
      JsonArray targets = ((JsonObject) panel).getJsonArray("targets", new JsonArray());
      targets.forEach(target -> expressions.add(((JsonObject) target).getString("expr")));
    }

    assertFalse(expressions.isEmpty());
    for (String expression : expressions) {
      String now = expression.replace("$__rate_interval", "1m").replace("$instance", ".*");
      assertEquals(List.of(), missing(expression), expression);
      PROMETHEUS.query(now);
      if (!expression.contains("5xx") && !expression.contains("refused\"")) {
        Eventually.within(SOON, "something of " + now, () -> !result(now).isEmpty());
      }
    }
  }

  private boolean isEvaluated(JsonObject rule) {
    return "ok".equals(rule.getString("health")) && !rule.containsKey("lastError");
  }

  private static List<JsonObject> rules() {
    JsonArray groups = PROMETHEUS.get("/api/v1/rules").getJsonObject("data").getJsonArray("groups");
    return groups.stream()
        .map(JsonObject.class::cast)
        .flatMap(group -> group.getJsonArray("rules").stream())
        .map(JsonObject.class::cast)
        .toList();
  }

  /** The metrics of an expression that Prometheus has never seen. */
  private static List<String> missing(String expression) {
    JsonArray known = PROMETHEUS.get("/api/v1/label/__name__/values").getJsonArray("data");
    Matcher names = METRIC.matcher(expression);
    return names.results().map(found -> found.group()).filter(n -> !known.contains(n)).toList();
  }

  private static JsonArray result(String expression) {
    return PROMETHEUS.query(expression).getJsonArray("result");
  }

  private static String metrics() {
    return Shop.await(
            Shop.answer(
                running
                    .shop()
                    .request(HttpMethod.GET, "/metrics")
                    .port(running.setup().ports().management()),
                HttpMethod.GET,
                "/metrics",
                null))
        .expect(200)
        .http()
        .bodyAsString();
  }
}
