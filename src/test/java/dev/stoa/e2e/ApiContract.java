package dev.stoa.e2e;

import dev.stoa.registries.FreePorts;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the API promises, whatever it runs on. Each mode is a class that says how its shop is
 * started; it is shared by all tests of the class, which therefore disturb nobody else's products,
 * orders and users.
 */
@ExtendWith(VertxExtension.class)
@TestInstance(Lifecycle.PER_CLASS)
abstract class ApiContract {
  private TestedShop shop;
  private MailUpstream upstream;

  /**
   * Starts the shop.
   *
   * @param routes the text of {@code routes.yaml}
   */
  abstract TestedShop open(Vertx vertx, Path home, String routes, MailUpstream upstream);

  /** Ends what {@link #open} has started, however far it came. */
  abstract void end();

  @BeforeAll
  void open(Vertx vertx, @TempDir Path home) {
    upstream = new MailUpstream(vertx);
    shop = open(vertx, home, routes(upstream.port()), upstream);
  }

  @AfterAll
  void close() {
    end();
    upstream.close();
  }

  /** With so much patience between services that a busy machine is no outage. */
  static StoaSetup patient(StoaSetup setup) {
    for (String service : List.of("user", "product", "order", "payment")) {
      setup.set("services." + service + "-service.timeout", "20s");
    }
    return setup.set("circuit_breaker.failure_threshold", 1_000);
  }

  static String successRate(double rate) {
    return "payments: {success_rate: " + rate + "}\n";
  }

  private static String routes(int mails) {
    String more =
        """
          - {name: mails, path: /mails, target: "http://127.0.0.1:%1$d", auth: required}
          - {name: odd-mails, path: /odd-mails/*, target: "http://127.0.0.1:%1$d", auth: none, timeout: 300ms, retry: {max_retries: 0}}
          - {name: dead, path: /dead, target: "http://127.0.0.1:%2$d", auth: none}
          - {name: nobody, path: /nobody, target: "http://nobody.invalid", auth: none}
          - {name: read-only, path: /api/read-only/*, target: "http://product-service:8082", methods: [GET], auth: none}
          - name: small
            path: /api/small
            target: http://product-service:8082
            rewrite: {from: /small, to: /products}
            max_body: 100b
          - {name: staff, path: /api/staff, target: "http://product-service:8082", roles: [admin]}
          - name: rare
            path: /api/rare
            target: http://product-service:8082
            rewrite: {from: /rare, to: /products}
            auth: optional
            rate_limit: {limit: 6/hour, burst: 3}
        """;
    return Routes.shop(more.formatted(mails, FreePorts.one()));
  }

  @Nested
  class Story extends StoryContract {
    Story() {
      super(shop);
    }
  }

  @Nested
  class Refusals extends RefusalsContract {
    Refusals() {
      super(shop);
    }
  }

  @Nested
  class Ownership extends OwnershipContract {
    Ownership() {
      super(shop);
    }
  }

  @Nested
  class Input extends InputContract {
    Input() {
      super(shop);
    }
  }

  @Nested
  class Keys extends KeysContract {
    Keys() {
      super(shop);
    }
  }

  @Nested
  class Lists extends ListsContract {
    Lists() {
      super(shop);
    }
  }
}
