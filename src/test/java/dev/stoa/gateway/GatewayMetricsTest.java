package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is counted of the requests. */
class GatewayMetricsTest {
  private static final String ROUTES =
      """
      {"routes": [
        {"name": "open", "path": "/open/*", "target": "http://127.0.0.1:UPSTREAM", "auth": "none"},
        {"name": "closed", "path": "/closed/*", "target": "http://127.0.0.1:UPSTREAM"}]}
      """;

  @Test
  void countsByRouteMethodAndStatusAndNeverByPath() throws IOException {
    try (GatewayFixture gateway = new GatewayFixture(ROUTES)) {
      assertEquals(200, gateway.get("/open/secret-path").send().status());
      assertEquals(200, gateway.get("/open/other").send().status());
      assertEquals(401, gateway.get("/closed/x").send().status());
      assertEquals(404, gateway.get("/nowhere").send().status());
      assertEquals(200, gateway.get("/health").send().status());
      gateway.raw("MAKEUP / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      GatewayFixture.await(gateway.stop()); // all exchanges are over

      String text = gateway.metrics.scrape();
      assertCount(text, "GET", "open", "2xx", 2);
      assertCount(text, "GET", "closed", "4xx", 1);
      assertCount(text, "GET", "none", "4xx", 1);
      assertCount(text, "GET", "stoa", "2xx", 1);
      assertCount(text, "other", "none", "4xx", 1);
      assertTrue(text.lines().noneMatch(line -> line.contains("secret-path")), text);
      assertLine(
          text,
          "stoa_upstream_attempt_duration_seconds_count"
              + "{from=\"gateway\",outcome=\"2xx\",upstream=\"127.0.0.1:%d\"} 2"
                  .formatted(gateway.upstream));
      assertLine(
          text,
          "stoa_rate_limit_decisions_total"
              + "{limit=\"route:open\",scope=\"local\",verdict=\"allowed\"} 2.0");
    }
  }

  private static void assertCount(
      String text, String method, String route, String status, int expected) {
    String line =
        "stoa_gateway_request_duration_seconds_count{method=\"%s\",route=\"%s\",status=\"%s\"} %d"
            .formatted(method, route, status, expected);
    assertLine(text, line);
  }

  private static void assertLine(String text, String line) {
    assertTrue(text.lines().anyMatch(line::equals), () -> line + " is not in\n" + text);
  }
}
