package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What clients are told when what stands behind the gateway is broken, silent or away; and when
 * they ask too much.
 */
@ExtendWith(VertxExtension.class)
class UpstreamsIT {
  @TempDir static Path home;
  private static final RawUpstream closing = RawUpstream.saying("");
  private static final RawUpstream garbage = RawUpstream.saying("I am no HTTP server\r\n\r\n");
  private static final RawUpstream silent = RawUpstream.silent();
  private static StoaProcess stoa;
  private static Shop shop;
  private static Caller customer;

  /** A gateway and orders, and nobody else. */
  @BeforeAll
  static void open(Vertx vertx) {
    String more =
        """
          - {name: closing, path: /api/closing, target: "%s", auth: none}
          - {name: garbage, path: /api/garbage, target: "%s", auth: none}
          - {name: refusing, path: /api/refusing, target: "http://127.0.0.1:%d", auth: none}
          - {name: silent, path: /api/silent, target: "%s", auth: none, timeout: 300ms}
        """
            .formatted(closing.url(), garbage.url(), RawUpstream.closedPort(), silent.url());
    StoaSetup setup =
        StoaSetup.in(home)
            .file(
                "routes.yaml",
                Routes.shop(more).replaceFirst("login_limit: .*", "login_limit: 5/hour"))
            .option("--roles", "gateway,orders");
    stoa = setup.start();
    shop = new Shop(vertx, setup.ports().gateway());
    customer = shop.visitor().with(HandmadeToken.signed(StoaSetup.SECRET, new JsonObject()));
  }

  @AfterAll
  static void close() {
    closing.close();
    garbage.close();
    silent.close();
    if (stoa != null) {
      shop.close();
      stoa.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/closing", "/api/garbage", "/api/refusing"})
  void aBrokenUpstreamIsABadGateway(String path) {
    shop.visitor().get(path).expectProblem(502, "bad-gateway");
    shop.visitor().post(path, new JsonObject()).expectProblem(502, "bad-gateway");
  }

  @Test
  void aSilentUpstreamTimesOut() {
    long start = System.nanoTime();

    shop.visitor().get("/api/silent").expectProblem(504, "gateway-timeout");

    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.toMillis() >= 290 && took.toSeconds() < 5, took::toString);
  }

  @Test
  void aServiceWithoutInstanceIsUnavailable() {
    for (String path : new String[] {"/api/products", "/api/payments"}) {
      Answer answer = customer.get(path).expectProblem(503, "service-unavailable");
      assertNotNull(answer.header("Retry-After"), answer::toString);
    }
    customer.get("/api/orders").expect(200);
  }

  @Test
  void anOrderNeedsTheOtherServices() {
    Answer answer = customer.order("01890000-0000-7000-8000-000000000000", 1);

    answer.expectProblem(503, "service-unavailable");
    assertNotNull(answer.header("Retry-After"), answer::toString);
  }

  @Test
  void withoutTheUserServiceNobodyLogsInAndSoonNobodyMayTry() {
    JsonObject credentials = Shop.credentials("somebody", "a long password");
    for (int i = 0; i < 5; i++) {
      Answer away =
          shop.visitor()
              .post("/api/auth/login", credentials)
              .expectProblem(503, "service-unavailable");
      assertNotNull(away.header("Retry-After"), away::toString);
    }

    Answer limited =
        shop.visitor().post("/api/auth/login", credentials).expectProblem(429, "rate-limited");

    assertNotNull(limited.header("Retry-After"));
    assertEquals("\"login\";q=5;w=3600", limited.header("RateLimit-Policy"));
    shop.visitor()
        .post("/api/auth/register", credentials)
        .expectProblem(503, "service-unavailable");
  }
}
