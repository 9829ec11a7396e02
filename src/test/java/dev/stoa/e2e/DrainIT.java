package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SIGTERM while requests flow. */
@ExtendWith(VertxExtension.class)
class DrainIT {
  private static final Logger LOG = LoggerFactory.getLogger(DrainIT.class);
  private static final int CLIENTS = 8;
  private static final int MANY = 100;

  @TempDir Path home;

  @Test
  void whoeverIsOnAConnectionGetsAnswersUntilTheyAreToldThatItEnds(Vertx vertx) {
    StoaSetup setup = StoaSetup.in(home);
    StoaProcess process = setup.start();
    KeptConnections clients;
    try (Shop shop = new Shop(vertx, setup.ports().gateway())) {
      String product = shop.product(shop.admin(), "Cornice", 10, 1_000_000);
      String token = shop.customer().token().orElseThrow();
      clients = new KeptConnections(setup.ports().gateway(), CLIENTS, requests(product, token));
      clients.awaitMore(MANY);

      process.terminate();
      clients.awaitEnd();
    }

    LOG.info("{}", clients);
    assertEquals(143, process.awaitExit(), process::output);
    assertEquals(List.of(), clients.faults(), process::output);
    assertTrue(clients.told() > 0, clients::toString);
    assertTrue(clients.closed() + clients.turnedAway() <= CLIENTS, clients::toString);
  }

  /** Looks and orders in turn. */
  private static Supplier<String> requests(String product, String token) {
    AtomicInteger turn = new AtomicInteger();
    String body = Shop.basket(product, 1).encode();
    String order =
        "POST /api/orders HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer "
            + token
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    String look = "GET /api/products/" + product + " HTTP/1.1\r\nHost: shop\r\n\r\n";
    return () -> turn.getAndIncrement() % 2 == 0 ? look : order;
  }
}
