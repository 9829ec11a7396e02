package dev.stoa.e2e;

import io.vertx.core.Vertx;

/** What two nodes reach each other by, and what can be cut. */
interface NodeNetwork extends AutoCloseable {

  /** The host by which the nodes reach what runs beside the tests. */
  String outside();

  /** Sets a node up so that it is in this network. */
  void attach(ShopCluster cluster);

  /** The nodes do not reach each other any more, while both reach everything else. */
  void cut();

  void heal();

  @Override
  void close();

  /** Namespaces, which cut everything, where the kernel allows them; else relays. */
  static NodeNetwork open(Vertx vertx) {
    boolean relays = "relay".equals(System.getProperty("partition.by"));
    return !relays && NamespaceNetwork.isPossible()
        ? new NamespaceNetwork(vertx)
        : new RelayNetwork(vertx);
  }
}
