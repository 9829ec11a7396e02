package dev.stoa.e2e;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Two nodes in network namespaces of their own, each on a cable (veth) to one bridge. They are cut
 * by isolating their ports of the bridge: no packet passes between them, without any error, while
 * both reach the bridge itself, and by it the database and their clients. Needs root.
 */
final class NamespaceNetwork implements NodeNetwork {
  private final Vertx vertx;
  private final String id = Integer.toHexString(ThreadLocalRandom.current().nextInt(0x10000));
  private final String subnet = "10.213." + ThreadLocalRandom.current().nextInt(1, 255) + ".";
  private final String bridge = "st" + id + "b";
  private final List<Relay> doors = new ArrayList<>();

  NamespaceNetwork(Vertx vertx) {
    this.vertx = vertx;
    try {
      run("ip link add " + bridge + " type bridge");
      run("ip addr add " + outside() + "/24 dev " + bridge);
      run("ip link set " + bridge + " up");
      for (int node = 0; node < 2; node++) {
        plug(node);
      }
    } catch (AssertionError refused) {
      close();
      throw refused;
    }
  }

  /** Whether the kernel and our rights allow all of it, by doing it. */
  static boolean isPossible() {
    String probe = "stprobe" + ThreadLocalRandom.current().nextInt(0x10000);
    boolean possible =
        succeeds("ip netns add " + probe)
            && succeeds("ip link add " + probe.substring(2) + " type bridge");
    succeeds("ip link del " + probe.substring(2));
    succeeds("ip netns del " + probe);
    return possible;
  }

  private void plug(int node) {
    run("ip netns add " + namespace(node));
    run("ip link add " + port(node) + " type veth peer name " + port(node) + "n");
    run("ip link set " + port(node) + "n netns " + namespace(node) + " name eth0");
    run("ip link set " + port(node) + " master " + bridge + " up");
    String inside = "ip netns exec " + namespace(node) + " ip ";
    run(inside + "addr add " + host(node) + "/24 dev eth0");
    run(inside + "link set eth0 up");
    run(inside + "link set lo up");
  }

  private String namespace(int node) {
    return "stoa-" + id + "-" + node;
  }

  private String port(int node) {
    return "st" + id + node;
  }

  private String host(int node) {
    return subnet + (node + 1);
  }

  @Override
  public String outside() {
    return subnet + "254";
  }

  @Override
  public void attach(ShopCluster cluster) {
    String members =
        "[\"%s:%d\",\"%s:%d\"]"
            .formatted(host(0), cluster.memberPort(0), host(1), cluster.memberPort(1));
    cluster.set("cluster.members", members);
    for (int node = 0; node < 2; node++) {
      StoaSetup setup = cluster.setup(node);
      setup.inside(List.of("ip", "netns", "exec", namespace(node)));
      setup.set("cluster.host", host(node)).set("gateway.host", host(node));
      for (String name : List.of("user", "product", "order", "payment")) {
        setup.set("services." + name + "-service.host", host(node));
      }
      int gateway = setup.ports().gateway();
      doors.add(new Relay(vertx, gateway, host(node), gateway));
    }
  }

  @Override
  public void cut() {
    isolate("on");
  }

  @Override
  public void heal() {
    isolate("off");
  }

  private void isolate(String how) {
    for (int node = 0; node < 2; node++) {
      run("ip link set " + port(node) + " type bridge_slave isolated " + how);
    }
  }

  @Override
  public void close() {
    doors.forEach(Relay::close);
    for (int node = 0; node < 2; node++) {
      succeeds("ip link del " + port(node));
      succeeds("ip netns del " + namespace(node));
    }
    succeeds("ip link del " + bridge);
  }

  private static void run(String command) {
    if (!succeeds(command)) {
      throw new AssertionError(command);
    }
  }

  private static boolean succeeds(String command) {
    try {
      Process process =
          new ProcessBuilder(command.split(" "))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException noSuchCommand) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
