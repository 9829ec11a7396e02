package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes that are restarted one after the other while customers order and pay: no request may
 * fail. As it is done with readiness and a load balancer, see {@link Gateways}. It needs a machine
 * that is not busy with anything else, since a node that starts takes what there is.
 *
 * <p>{@code mvn -B -Pbench verify -Dit.test=RollingRestartBench}
 */
@ExtendWith(VertxExtension.class)
class RollingRestartBench {
  private static final int NODES = 3;
  private static final int CLIENTS = 3;
  private static final int MANY = 20;
  private static final Duration PACE = Duration.ofMillis(20);

  @Test
  void failsNoRequest(Vertx vertx, @TempDir Path home) {
    try (TestPostgres server = TestPostgres.start();
        ShopCluster cluster =
            ShopCluster.in(home, server.url(), NODES)
                .set("service.leave_delay", "1s")
                .start(vertx)) {
      String product = cluster.shop().product(cluster.admin(), "Column", 10, 1_000_000);
      Caller customer = cluster.shop().customer();
      RequestLoad load = RequestLoad.of(CLIENTS, () -> buy(customer, product));
      load.awaitMore(MANY);

      for (int node = 0; node < NODES; node++) {
        cluster.stop(node);
        load.awaitMore(MANY);
        cluster.launch(node);
        cluster.awaitWhole();
        load.awaitMore(MANY);
      }

      load.end(7 * MANY);
    }
  }

  private static Answer buy(Caller customer, String product) {
    LockSupport.parkNanos(PACE.toNanos()); // else nodes would wait for processor time to start
    JsonObject order = customer.order(product, 1).expect(201).json();
    Answer payment = customer.pay(order);
    assertTrue(List.of(201, 402).contains(payment.status()), payment::toString);
    return customer.get("/api/orders/" + order.getString("order_id")).expect(200);
  }
}
