package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchPersistentContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A real Chromium. What its pages complain of, and whom they ask beside their own server, is noted
 * for {@link #assertQuiet}.
 */
final class Browser implements AutoCloseable {
  private static final List<Path> PLACES =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final double PATIENCE_MILLIS = 30_000;

  private final Playwright playwright;
  private final BrowserContext context;
  private final String origin;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Browser(Playwright playwright, BrowserContext context, String origin) {
    this.playwright = playwright;
    this.context = context;
    this.origin = origin;
    context.setDefaultTimeout(PATIENCE_MILLIS);
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    context.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.page().url() + ": " + message.text());
          }
        });
    context.onWebError(error -> complaints.add("thrown: " + error.error()));
    context.onRequest(
        request -> {
          if (!request.url().startsWith(origin + "/") && !request.url().startsWith("data:")) {
            complaints.add("asked " + request.url());
          }
        });
  }

  /**
   * Starts it. Where there is none, the test is skipped, but not on CI.
   *
   * @param home where it keeps its things
   * @param origin the only server that its pages may ask
   */
  static Browser open(Path home, String origin) {
    Path chromium = PLACES.stream().filter(Files::isExecutable).findFirst().orElse(PLACES.get(0));
    assumeTrue(
        System.getenv("CI") != null || Files.isExecutable(chromium), "there is no chromium here");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    BrowserContext context =
        playwright
            .chromium()
            .launchPersistentContext(
                home,
                new LaunchPersistentContextOptions()
                    .setExecutablePath(chromium)
                    .setHeadless(true)
                    .setChromiumSandbox(false)
                    .setViewportSize(1280, 900)
                    .setArgs(
                        List.of(
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    return new Browser(playwright, context, origin);
  }

  Page page() {
    return context.newPage();
  }

  String origin() {
    return origin;
  }

  /** Nothing was complained of since the last time, but for texts that contain one of these. */
  void assertQuiet(String... expected) {
    List<String> unexpected =
        complaints.stream()
            .filter(text -> List.of(expected).stream().noneMatch(text::contains))
            .toList();
    complaints.clear();
    assertEquals(List.of(), unexpected);
  }

  @Override
  public void close() {
    context.close();
    playwright.close();
  }
}
