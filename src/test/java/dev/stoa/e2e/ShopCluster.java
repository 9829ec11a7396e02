package dev.stoa.e2e;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * One shop on several nodes: processes on loopback that are started with {@code --cluster}, find
 * each other by {@code discovery.type: cluster}, share one PostgreSQL server, and have each a
 * gateway and every service unless they are given other roles.
 *
 * <pre>{@code
 * try (TestPostgres server = TestPostgres.start();
 *     ShopCluster cluster =
 *         ShopCluster.in(home, server.url(), 3).set("payments.success_rate", 1).start(vertx)) {
 *   Shop shop = cluster.shop();      // in turn over all gateways, as behind a load balancer
 *   Shop second = cluster.shop(1);   // the gateway of one node
 *   Caller admin = cluster.admin();
 *   cluster.kill(1);                 // SIGKILL; the others go on
 *   cluster.launch(1);               // again, with the same ports and folder
 *   cluster.awaitWhole();            // every gateway knows every instance that runs
 * }
 * }</pre>
 *
 * It takes about 6 s of processor time for each node to start: share one among the tests of a class
 * ({@code @BeforeAll}, {@code @AfterAll}). Closing it kills what still runs; {@link #stop} ends a
 * node in order.
 */
final class ShopCluster implements AutoCloseable {
  private static final Duration SOON = Duration.ofSeconds(180);
  private static final Set<String> ROLES = Set.of("users", "products", "orders", "payments");

  private final List<StoaSetup> setups = new ArrayList<>();
  private final List<Set<String>> roles = new ArrayList<>();
  private final List<StoaProcess> processes = new ArrayList<>();
  private final List<Shop> shops = new ArrayList<>();
  private final List<Ports> membership;
  private Shop balanced;
  private Optional<String> adminToken = Optional.empty();

  private ShopCluster(List<Ports> membership) {
    this.membership = membership;
  }

  /**
   * Nodes that are not started yet.
   *
   * @param home a folder for theirs
   * @param database the URL of the PostgreSQL that they share
   */
  static ShopCluster in(Path home, String database, int nodes) {
    List<Ports> membership = IntStream.range(0, nodes).mapToObj(i -> Ports.free()).toList();
    ShopCluster cluster = new ShopCluster(membership);
    String members =
        String.join(
            ",", membership.stream().map(ports -> "\"127.0.0.1:" + ports.users() + "\"").toList());
    for (int i = 0; i < nodes; i++) {
      cluster.setups.add(
          StoaSetup.in(home.resolve("node-" + i))
              .option("--cluster")
              .set("discovery.type", "cluster")
              .set("cluster.port", membership.get(i).users())
              .set("cluster.bus_port", membership.get(i).products())
              .set("cluster.members", "[" + members + "]")
              .set("database", database));
      cluster.roles.add(ROLES);
      cluster.processes.add(null);
    }
    return cluster;
  }

  /** One value of the configuration of every node. */
  ShopCluster set(String key, Object value) {
    setups.forEach(setup -> setup.set(key, value));
    return this;
  }

  /** One of Stoa's options for every node. */
  ShopCluster option(String... more) {
    setups.forEach(setup -> setup.option(more));
    return this;
  }

  /** Nothing but these roles for one node; one of the nodes at least keeps its gateway. */
  ShopCluster roles(int node, String... only) {
    setups.get(node).option("--roles", String.join(",", only));
    roles.set(node, Set.of(only));
    return this;
  }

  /** Where all nodes listen for other members. */
  List<String> members() {
    return membership.stream().map(ports -> "127.0.0.1:" + ports.users()).toList();
  }

  /** Where a node listens for other members. */
  int memberPort(int node) {
    return membership.get(node).users();
  }

  /** Where the event bus of a node listens. */
  int busPort(int node) {
    return membership.get(node).products();
  }

  /** For what one node alone is told. */
  StoaSetup setup(int node) {
    return setups.get(node);
  }

  /** Starts one after the other, which two cores like better, and waits until they are whole. */
  ShopCluster start(Vertx vertx) {
    try {
      for (int node = 0; node < setups.size(); node++) {
        launch(node);
        awaitReady(node);
      }
      setups.forEach(setup -> shops.add(new Shop(vertx, setup.ports().gateway())));
      balanced = new Shop(vertx, gateways());
      adminToken = balanced.admin().token();
      awaitWhole();
      return this;
    } catch (AssertionError failure) {
      close();
      throw failure;
    }
  }

  private int[] gateways() {
    return IntStream.range(0, setups.size())
        .filter(this::hasGateway)
        .map(node -> setups.get(node).ports().gateway())
        .toArray();
  }

  private boolean hasGateway(int node) {
    return roles.get(node) == ROLES || roles.get(node).contains("gateway");
  }

  /** Starts one node without waiting for it. */
  StoaProcess launch(int node) {
    processes.set(node, setups.get(node).launch());
    return processes.get(node);
  }

  /** Waits until one node says that it is ready. */
  void awaitReady(int node) {
    StoaProcess process = processes.get(node);
    if (hasGateway(node)) {
      process.awaitReady();
    } else {
      Eventually.within(SOON, process::output, () -> process.output().contains("Stoa is ready"));
    }
  }

  /** Waits until every gateway that runs knows every instance that runs, and no other. */
  void awaitWhole() {
    running().forEach(this::awaitReady);
    running().stream().filter(this::hasGateway).forEach(this::awaitWhole);
  }

  /** Waits until the gateway of this node knows what runs in it, and nothing else. */
  void awaitAlone(int node) {
    await(node, instances(List.of(node)));
  }

  private void awaitWhole(int node) {
    await(node, instances(running()));
  }

  private void await(int node, Set<String> wanted) {
    // Whose token is good whatever becomes of the node.
    Caller admin = new Caller(shops.get(node), "admin", "", "", adminToken);
    Eventually.within(
        SOON,
        () -> "node " + node + " knows " + known(admin).orElse(Set.of()) + ", not " + wanted,
        () -> known(admin).equals(Optional.of(wanted)));
  }

  /** What runs: {@code order-service 127.0.0.1:12345}, and so on. */
  private Set<String> instances(List<Integer> nodes) {
    Set<String> instances = new TreeSet<>();
    for (int node : nodes) {
      Ports ports = setups.get(node).ports();
      for (String role : roles.get(node)) {
        switch (role) {
          case "users" -> instances.add("user-service " + ports.users());
          case "products" -> instances.add("product-service " + ports.products());
          case "orders" -> instances.add("order-service " + ports.orders());
          case "payments" -> instances.add("payment-service " + ports.payments());
          default -> {}
        }
      }
    }
    return instances;
  }

  private static Optional<Set<String>> known(Caller admin) {
    Answer answer = admin.get("/api/admin/services");
    if (answer.status() != 200) {
      return Optional.empty();
    }
    Set<String> known = new TreeSet<>();
    for (Object service : answer.json().getJsonArray("services")) {
      String name = ((JsonObject) service).getString("name");
      for (Object instance : ((JsonObject) service).getJsonArray("instances")) {
        if (!((JsonObject) instance).getBoolean("stale")) {
          known.add(name + " " + ((JsonObject) instance).getInteger("port"));
        }
      }
    }
    return Optional.of(known);
  }

  /** The nodes that run. */
  List<Integer> running() {
    return IntStream.range(0, setups.size())
        .filter(node -> processes.get(node) != null && processes.get(node).isAlive())
        .boxed()
        .toList();
  }

  StoaProcess node(int node) {
    return processes.get(node);
  }

  /** All gateways in turn, without those that refuse connections or say that they are leaving. */
  Shop shop() {
    return balanced;
  }

  /** The gateway of that node. */
  Shop shop(int node) {
    return shops.get(node);
  }

  /** The admin, by way of all gateways. */
  Caller admin() {
    return balanced.admin();
  }

  /** SIGKILL. */
  void kill(int node) {
    processes.get(node).kill();
  }

  /** SIGTERM, and waits for the orderly end. */
  void stop(int node) {
    processes.get(node).stop();
  }

  /** What all of them have printed. */
  String output() {
    StringBuilder output = new StringBuilder();
    for (int node = 0; node < processes.size(); node++) {
      if (processes.get(node) != null) {
        output.append("--- node ").append(node).append('\n').append(processes.get(node).output());
      }
    }
    return output.toString();
  }

  @Override
  public void close() {
    shops.forEach(Shop::close);
    if (balanced != null) {
      balanced.close();
    }
    for (StoaProcess process : processes) {
      if (process != null && process.isAlive()) {
        process.kill();
      }
    }
  }
}
