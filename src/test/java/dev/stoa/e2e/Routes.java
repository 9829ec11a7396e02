package dev.stoa.e2e;

/** Texts of {@code routes.yaml}. */
final class Routes {
  private Routes() {}

  /** The four routes of the shop, and limits that no test meets by accident. */
  static String shop() {
    return shop("");
  }

  /**
   * The same with more routes.
   *
   * @param more entries of the list, each line indented by two
   */
  static String shop(String more) {
    return """
        rate_limiting:
          default_limit: 100000/second
          burst_limit: 1000000
          login_limit: 10000/second
          failed_auth_limit: 10000/second
        routes:
          - {name: users, path: /api/users/*, target: "http://user-service:8081", auth: required}
          - {name: products, path: /api/products/*, target: "http://product-service:8082", auth: optional}
          - {name: orders, path: /api/orders/*, target: "http://order-service:8083", auth: required}
          - {name: payments, path: /api/payments/*, target: "http://payment-service:8084", auth: required}
        """
        + more;
  }
}
