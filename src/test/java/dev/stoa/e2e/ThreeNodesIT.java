package dev.stoa.e2e;

import dev.stoa.limits.TestRedis;
import dev.stoa.persistence.TestPostgres;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Three nodes, each with every role, on one PostgreSQL and one Redis. Requests go to them in turn:
 * who registers at one logs in at another and orders at the third.
 */
class ThreeNodesIT extends ApiContract {
  private static final int NODES = 3;

  private TestPostgres database;
  private TestRedis redis;
  private ShopCluster cluster;

  @Override
  TestedShop open(Vertx vertx, Path home, String routes, MailUpstream upstream) {
    database = TestPostgres.start();
    redis = TestRedis.started();
    cluster =
        ShopCluster.in(home, database.url(), NODES)
            .set("redis.host", "127.0.0.1")
            .set("redis.port", redis.port())
            // Limits count in Redis however busy the machine is.
            .set("redis.timeout", "5s");
    List<StoaSetup> nodes = IntStream.range(0, NODES).mapToObj(cluster::setup).toList();
    nodes.forEach(ApiContract::patient);
    nodes.forEach(node -> node.file("routes.yaml", routes).file("config.yaml", successRate(1)));
    cluster.start(vertx);
    return new TestedShop(
        nodes,
        IntStream.range(0, NODES).mapToObj(cluster::shop).toList(),
        cluster.shop(),
        cluster.admin(),
        upstream);
  }

  @Override
  void end() {
    if (cluster != null) {
      cluster.close();
    }
    if (redis != null) {
      redis.close();
    }
    if (database != null) {
      database.close();
    }
  }
}
