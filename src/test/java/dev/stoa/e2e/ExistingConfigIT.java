package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The gateway configuration that a team has already: four routes to containers that all listen on
 * 8080. It runs unchanged, as it is and as a Kubernetes ConfigMap.
 */
@ExtendWith(VertxExtension.class)
class ExistingConfigIT {
  private static final String GATEWAY =
      """
      routes:
        - name: user-service
          path: /api/users/*
          target: http://user-service:8080
          methods: [GET, POST, PUT, DELETE]
          auth: required
          rate_limit: 100/minute
        - name: product-service
          path: /api/products/*
          target: http://product-service:8080
          methods: [GET, POST, PUT, DELETE]
          auth: optional
          rate_limit: 200/minute
        - name: order-service
          path: /api/orders/*
          target: http://order-service:8080
          methods: [GET, POST, PUT]
          auth: required
          rate_limit: 50/minute
        - name: payment-service
          path: /api/payments/*
          target: http://payment-service:8080
          methods: [GET, POST]
          auth: required
          rate_limit: 30/minute
      auth:
        jwt_secret: %s
        token_expiry: 1800
      rate_limiting:
        default_limit: 100/minute
        burst_limit: 200
      cors:
        allowed_origins: ["https://shop.example"]
        allowed_methods: [GET, POST, PUT, DELETE]
        allowed_headers: [Authorization, Content-Type]
      """
          .formatted(StoaSetup.SECRET);

  private static final String CONFIG_MAP =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: api-gateway-config
        namespace: shop
        labels: {app: gateway}
      data:
        %s: |
      """;

  @ParameterizedTest
  @ValueSource(strings = {"plain", "gateway.yaml", "routes.yaml"})
  void runsUnchanged(String form, @TempDir Path home, Vertx vertx) {
    String text = form.equals("plain") ? GATEWAY : CONFIG_MAP.formatted(form) + GATEWAY.indent(4);
    StoaSetup setup =
        StoaSetup.bare(home)
            .file("routes.yaml", text)
            .option("--profile", "prod")
            .environment("APP_USERS_BOOTSTRAP__ADMIN_PASSWORD", StoaSetup.ADMIN_PASSWORD)
            .set("payments.success_rate", 1);
    try (RunningShop running = RunningShop.open(vertx, setup)) {
      Shop shop = running.shop();
      String product = shop.product(running.admin(), "Amphora", 12.5, 3);
      Caller customer = shop.customer();
      JsonObject order = customer.order(product, 2).expect(201).json();
      customer.pay(order).expect(201);

      String path = "/api/orders/" + order.getString("order_id");
      assertEquals("paid", customer.get(path).expect(200).text("status"));
      assertEquals(
          "\"payment-service\";q=30;w=60",
          customer.get("/api/payments/x").header("RateLimit-Policy"));
      assertEquals("https://shop.example", preflight(shop, "https://shop.example"));
      assertEquals(null, preflight(shop, "https://elsewhere.example"));
      customer.delete(path).expectProblem(405, "method-not-allowed");
      Answer login =
          shop.visitor()
              .post("/api/auth/login", Shop.credentials(customer.username(), customer.password()));
      assertEquals(1800, login.json().getInteger("expires_in"));
    }
  }

  private static String preflight(Shop shop, String origin) {
    return Shop.await(
            shop.request(HttpMethod.OPTIONS, "/api/orders")
                .putHeader("Origin", origin)
                .putHeader("Access-Control-Request-Method", "POST")
                .send())
        .getHeader("Access-Control-Allow-Origin");
  }
}
