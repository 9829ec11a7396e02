package dev.stoa.e2e;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * Two nodes on loopback that know each other by the addresses of relays. Cut are membership and
 * event bus, which carries the calls between services, too; the gateways still reach both nodes'
 * services until they hear no more of them.
 */
final class RelayNetwork implements NodeNetwork {
  private final Vertx vertx;
  private final List<Relay> relays = new ArrayList<>();

  RelayNetwork(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public String outside() {
    return "127.0.0.1";
  }

  @Override
  public void attach(ShopCluster cluster) {
    List<Ports> front = List.of(Ports.free(), Ports.free());
    String members =
        "[\"127.0.0.1:%d\",\"127.0.0.1:%d\"]".formatted(front.get(0).users(), front.get(1).users());
    cluster.set("cluster.members", members);
    for (int node = 0; node < 2; node++) {
      Ports ports = front.get(node);
      cluster
          .setup(node)
          .set("cluster.advertised_port", ports.users())
          .set("cluster.advertised_bus_port", ports.products());
      relays.add(new Relay(vertx, ports.users(), "127.0.0.1", cluster.memberPort(node)));
      relays.add(new Relay(vertx, ports.products(), "127.0.0.1", cluster.busPort(node)));
    }
    for (String name : List.of("user", "product", "order", "payment")) {
      cluster.set("services." + name + "-service.transport", "event-bus");
    }
  }

  @Override
  public void cut() {
    relays.forEach(Relay::cut);
  }

  @Override
  public void heal() {
    relays.forEach(Relay::heal);
  }

  @Override
  public void close() {
    relays.forEach(Relay::close);
  }
}
