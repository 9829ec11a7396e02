package dev.stoa.e2e;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * A running shop, in whatever mode, with the routes of {@link ApiContract}.
 *
 * @param nodes each process' setup; configuration is told to all of them
 * @param shop asks all gateways in turn
 * @param upstream what the route {@code /mails} leads to
 */
record TestedShop(
    List<StoaSetup> nodes, List<Shop> each, Shop shop, Caller admin, MailUpstream upstream) {
  private static final Duration RELOADED = Duration.ofSeconds(10);

  /** Where the services of one node listen. */
  Ports ports() {
    return nodes.get(0).ports();
  }

  /** Brings which charges are approved into force, everywhere. */
  void successRate(double rate) {
    List<String> before = each.stream().map(TestedShop::revision).toList();
    nodes.forEach(
        node -> StoaSetup.write(node.conf().resolve("config.yaml"), ApiContract.successRate(rate)));
    Eventually.within(
        RELOADED,
        "the new success rate is in force",
        () -> {
          for (int node = 0; node < before.size(); node++) {
            if (revision(each.get(node)).equals(before.get(node))) {
              return false;
            }
          }
          return true;
        });
  }

  private static String revision(Shop node) {
    JsonObject health = node.visitor().get("/health").expect(200).json();
    return health.getJsonObject("configuration").getString("revision");
  }
}
