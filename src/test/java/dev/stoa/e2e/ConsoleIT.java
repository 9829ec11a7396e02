package dev.stoa.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console as operators use it: in Chromium, with a shop behind it and an upstream that fails.
 */
class ConsoleIT {
  private static final List<String> VIEWS =
      List.of("map", "routes", "limits", "orders", "config", "explain", "events");
  private static final String FLAKY =
      """
        - name: flaky
          path: /api/flaky/*
          target: "%s"
          auth: none
          timeout: 5s
          retry: {max_retries: 0}
          circuit_breaker: {failure_threshold: 3, recovery_timeout: 1h}
      """;
  private static final String PATIENT = "{}\n";

  /** Who is kept from writing never answers in time, so that it is asked in vain. */
  private static final String IMPATIENT =
      "services: {product-service: {timeout: 1ms, retry: {max_retries: 0}}}\n";

  @TempDir private static Path home;
  private static Vertx vertx;
  private static RawUpstream broken;
  private static RunningShop running;
  private static Browser browser;
  private static Page page;

  @BeforeAll
  static void start() {
    vertx = Vertx.vertx();
    broken =
        RawUpstream.saying("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    running =
        RunningShop.open(
            vertx,
            StoaSetup.in(home.resolve("stoa"))
                .file("routes.yaml", Routes.shop(FLAKY.formatted(broken.url())))
                .file("config.yaml", PATIENT)
                .set("orders.saga.max_attempts", 2)
                .set("orders.saga.base_delay", "50ms")
                .set("payments.success_rate", 1));
    String origin = "http://127.0.0.1:" + running.setup().ports().gateway();
    browser = Browser.open(home.resolve("browser"), origin);
    page = logIn(browser.page(), "admin", StoaSetup.ADMIN_PASSWORD);
    assertThat(page.locator(".live.on")).isVisible();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
    if (running != null) {
      running.close();
    }
    broken.close();
    vertx.close();
  }

  @BeforeEach
  void onADesk() {
    page.setViewportSize(1280, 900);
  }

  @AfterEach
  void nothingWasComplainedOf() {
    browser.assertQuiet();
  }

  @Test
  void aWrongPasswordIsSaidAndOthersThanAdminsAreSentAway() {
    Caller customer = running.shop().customer();
    try (Page other = browser.page()) {
      logIn(other, "admin", "not the password");
      assertThat(other.getByRole(AriaRole.ALERT)).containsText("Wrong username or password");

      logIn(other, customer.username(), customer.password());
      assertThat(other.getByRole(AriaRole.ALERT)).containsText("this console is for admins");
      assertThat(other.locator("input[name=username]")).isVisible();
    }
    browser.assertQuiet("status of 401");
  }

  @Test
  void aBreakerIsSeenToOpenWhileOneLooks() {
    open("map");
    Caller visitor = running.shop().visitor();
    Locator flaky = page.locator("[data-service='route:flaky']");
    visitor.get("/api/flaky/1").expect(500);
    assertThat(flaky).containsText("closed");

    Eventually.within(
        Duration.ofSeconds(30), "503", () -> visitor.get("/api/flaky/1").status() == 503);

    assertThat(flaky).containsText("open");
    assertThat(page.locator(".changes li").filter(having("(route flaky)")).first())
        .containsText("closed → open");
    flaky.click();
    assertThat(page.getByRole(AriaRole.HEADING, named("flaky"))).isVisible();
    open("routes", "flaky");
    assertThat(page.locator(".policies .bad .now")).containsText("open, tries again in");
  }

  @Test
  void aDryRunShowsEveryErrorAndChangesNothing() {
    String before = revision();
    open("config");
    page.locator("textarea")
        .fill(
            """
            routes:
              - {name: a, path: api, target: 5, timeout: soon}
              - {name: b, path: /b, target: "http://b", methods: [LOOK]}
            """);
    page.getByRole(AriaRole.BUTTON, exactly("Check")).click();

    Locator errors = page.locator(".findings.bad li");
    assertThat(errors).hasCount(4);
    assertThat(errors.nth(0)).containsText("routes.yaml:2");
    assertThat(errors.nth(0)).containsText("routes[0].path");
    assertThat(errors.nth(3)).containsText("routes[1].methods");
    assertEquals(before, revision());
  }

  @Test
  void aRevisionIsRolledBackToAfterAQuestion() throws Exception {
    String first = revision();
    Path routes = running.setup().conf().resolve("routes.yaml");
    String text = Files.readString(routes);
    open("config");
    StoaSetup.write(routes, text.replace("timeout: 5s", "timeout: 7s"));
    assertThat(page.locator("h2 code").first()).not().hasText(first);
    assertThat(page.locator(".diff").first()).containsText("timeout");

    page.getByRole(AriaRole.BUTTON, exactly("Roll back to " + first)).click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    assertThat(dialog).containsText("7s");
    dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Roll back")).click();

    assertThat(page.getByText("Rolled back to " + first).first()).isAttached();
    assertEquals(5000, timeoutOfFlaky());
    StoaSetup.write(routes, text + "\n");
  }

  @Test
  void aRequestIsExplained() {
    open("explain");
    page.getByLabel("Path").fill("/api/orders/1");
    page.getByLabel("Path").press("Enter");
    assertThat(page.locator(".verdict")).containsText("401");
    assertThat(page.locator(".stages li.bad")).containsText("authentication");

    page.getByLabel("As").selectOption("me");
    page.getByRole(AriaRole.BUTTON, exactly("Explain")).click();

    assertThat(page.locator("#main")).containsText("forwarded");
    assertThat(page.locator(".ranked li").first())
        .containsText(":" + running.setup().ports().orders());
  }

  @Test
  void anOrderIsFollowedFromItsCreationToItsPayment() {
    Caller customer = running.shop().customer();
    String product = running.shop().product(running.admin(), "Krater", 7.50, 10);
    JsonObject order = customer.order(product, 2).expect(201).json();
    String id = order.getString("order_id");
    open("orders");
    page.getByLabel("Order", new Page.GetByLabelOptions().setExact(true)).fill(id);
    page.keyboard().press("Enter");
    assertThat(page.locator(".time-line")).containsText("reserve, attempt 1");
    assertFalse(page.locator(".time-line").innerText().contains("payment received"));

    customer.pay(order).expect(201);

    assertThat(page.locator(".time-line")).containsText("payment received");
    assertThat(page.locator(".time-line")).containsText("commit, attempt 1");
    assertThat(page.locator(".facts .badge").filter(having("paid")).first()).isVisible();
  }

  @Test
  void aSagaThatWaitsForSomebodyIsFoundAndResumed() throws SQLException {
    Caller customer = running.shop().customer();
    String product = running.shop().product(running.admin(), "Lekythos", 5, 10);
    JsonObject order = customer.order(product, 1).expect(201).json();
    String id = order.getString("order_id");
    try (Connection other = databaseOf("product-service");
        Statement lock = other.createStatement()) {
      lock.execute("BEGIN IMMEDIATE");
      configure(IMPATIENT);
      customer.pay(order);
      Eventually.within(
          Duration.ofSeconds(60), "needs_attention", () -> saga(id).equals("needs_attention"));
    }
    configure(PATIENT);

    open("orders");
    page.getByRole(AriaRole.BUTTON, named("saga needs attention")).click();
    page.locator("tbody a").filter(having(id.substring(id.length() - 8))).click();
    assertThat(page.locator(".saga")).containsText("needs attention");
    page.getByRole(AriaRole.BUTTON, exactly("Resume")).click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Resume")).click();

    assertThat(page.locator(".saga")).containsText("ended");
    assertThat(page.locator(".time-line")).containsText("resumed");
    assertThat(page.locator(".facts .badge").filter(having("paid")).first()).isVisible();
    open("events");
    assertThat(page.locator(".changes")).containsText(id);
  }

  @Test
  void everyViewCanBeWalkedThroughByKeysAlone() {
    open("map");
    page.reload();
    page.keyboard().press("Tab");
    assertThat(page.getByText("Skip to the content")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("main")).isFocused();

    for (int i = 0; i < VIEWS.size(); i++) {
      page.keyboard().press(Integer.toString(i + 1));
      assertThat(page.locator(".places a").nth(i)).hasAttribute("aria-current", "page");
      assertThat(page.locator("main")).isFocused();
    }

    page.keyboard().press("?");
    assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.getByRole(AriaRole.DIALOG)).isHidden();
    page.keyboard().press("/");
    assertThat(page.locator("input[type=search]")).isFocused();
    page.keyboard().type("2?");
    assertThat(page.locator(".places a").nth(6)).hasAttribute("aria-current", "page");

    open("map");
    page.locator("[data-service][tabindex='0']").focus();
    page.keyboard().press("ArrowDown");
    Locator second = page.locator("[data-service]").nth(1);
    assertThat(second).isFocused();
    page.keyboard().press("Enter");
    assertThat(second).hasAttribute("aria-pressed", "true");
    page.keyboard().press("Enter");
    assertThat(second).hasAttribute("aria-pressed", "false");
  }

  @Test
  void whatHasNoWidthIsNotDrawn() {
    open("map");
    assertThat(page.locator(".map svg")).isVisible();

    // As long as it takes to measure and to draw, twice.
    page.evaluate(
        "() => { const main = document.querySelector('main'); main.style.display = 'none';"
            + " return new Promise(done => setTimeout(() => requestAnimationFrame(done), 300))"
            + ".then(() => main.style.display = ''); }");

    browser.assertQuiet();
  }

  @Test
  void nothingIsWiderThanAPhone() {
    page.setViewportSize(360, 740);
    for (String view : VIEWS) {
      open(view);
      int width = (int) page.evaluate("() => document.documentElement.scrollWidth");
      assertTrue(width <= 360, view + " is " + width + " wide");
    }
  }

  @Test
  void everyViewIsAccessibleByDayAndByNight() {
    List<String> violations = new ArrayList<>();
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
      for (String view : VIEWS) {
        open(view);
        for (Rule rule : new AxeBuilder(page).setLegacyMode(true).analyze().getViolations()) {
          violations.add(view + " " + scheme + " " + text(rule));
        }
      }
    }

    assertEquals(List.of(), violations);
  }

  @Test
  void whoeverLogsOutHasNoDataOnTheScreenAndNoTokenInTheTab() {
    try (Page other = browser.page()) {
      logIn(other, "admin", StoaSetup.ADMIN_PASSWORD);
      assertThat(other.locator(".live.on")).isVisible();
      assertFalse(other.url().contains("ey"), other::url);

      other.getByLabel("Log out").click();

      assertThat(other.locator("input[name=username]")).isVisible();
      assertEquals(0, (int) other.evaluate("() => sessionStorage.length"));
      other.reload();
      assertThat(other.locator("input[name=username]")).isVisible();
    }
  }

  private static Page logIn(Page on, String username, String password) {
    if (!on.url().startsWith(browser.origin())) {
      on.navigate(browser.origin() + "/console/");
    }
    on.locator("input[name=username]").fill(username);
    on.locator("input[name=password]").fill(password);
    on.locator("button.primary").click();
    return on;
  }

  /** Goes there and waits until there is something to see. */
  private static void open(String... place) {
    page.navigate(browser.origin() + "/console/#/" + String.join("/", place));
    assertThat(page.locator(".places a[aria-current]")).hasAttribute("href", "#/" + place[0]);
    assertThat(page.locator("h1")).isVisible();
    assertThat(page.locator(".waiting")).hasCount(0);
  }

  private static String text(Rule rule) {
    return rule.getId()
        + ": "
        + rule.getHelp()
        + " "
        + rule.getNodes().stream().map(node -> node.getHtml()).limit(3).toList();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Page.GetByRoleOptions exactly(String name) {
    return named(name).setExact(true);
  }

  private static Locator.FilterOptions having(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }

  private static String revision() {
    return running.admin().get("/api/admin/config").expect(200).json().getString("revision");
  }

  /** Saves the file and waits until it is in force. */
  private static void configure(String text) {
    String before = revision();
    StoaSetup.write(running.setup().conf().resolve("config.yaml"), text);
    Eventually.within(Duration.ofSeconds(30), "another revision", () -> !revision().equals(before));
  }

  private static Connection databaseOf(String service) throws SQLException {
    Path file = running.setup().home().resolve("data").resolve(service + ".db");
    return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=30000");
  }

  private static String saga(String orderId) {
    return running
        .admin()
        .get("/api/orders/" + orderId + "/timeline")
        .expect(200)
        .json()
        .getJsonObject("saga")
        .getString("state");
  }

  private static long timeoutOfFlaky() {
    return running
        .admin()
        .get("/api/admin/routes")
        .expect(200)
        .json()
        .getJsonArray("routes")
        .stream()
        .map(JsonObject.class::cast)
        .filter(route -> route.getString("name").equals("flaky"))
        .findFirst()
        .orElseThrow()
        .getLong("timeout_ms");
  }
}
