package dev.stoa.drill;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/**
 * How the processes of a sandbox are configured: as any system would be, but for short times, so
 * that in seconds everything happens that takes minutes in earnest.
 */
final class SandboxConfig {
  private SandboxConfig() {}

  /** As a configuration file says it. */
  static JsonObject of(SandboxPorts ports, String adminPassword, String jwtSecret) {
    JsonArray products = new JsonArray();
    ports.products().forEach(port -> products.add(instance(port)));
    return new JsonObject()
        .put("auth", new JsonObject().put("jwt_secret", jwtSecret))
        .put(
            "users",
            new JsonObject()
                .put("bootstrap_admin", new JsonObject().put("password", adminPassword)))
        .put("gateway", new JsonObject().put("port", ports.gateway()))
        .put(
            "services",
            new JsonObject()
                .put("user-service", new JsonObject().put("port", ports.users()))
                .put("order-service", new JsonObject().put("port", ports.orders()))
                .put("payment-service", new JsonObject().put("port", ports.payments())))
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
                                .put("user-service", new JsonArray().add(instance(ports.users())))
                                .put("order-service", new JsonArray().add(instance(ports.orders())))
                                .put(
                                    "payment-service",
                                    new JsonArray().add(instance(ports.payments())))
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
  private static JsonObject instance(int port) {
    return new JsonObject()
        .put("url", "http://127.0.0.1:" + port)
        .put("metadata", new JsonObject().put("idempotency-key", "true"));
  }
}
