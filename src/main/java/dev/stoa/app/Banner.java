package dev.stoa.app;

import dev.stoa.observability.ManagementConfig;
import dev.stoa.service.ServiceModule;
import dev.stoa.users.AdminPolicy.NewAdmin;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person at the terminal is told at the start: the only lines that do not go to the log. */
final class Banner {
  private static final Logger LOG = LoggerFactory.getLogger(Banner.class);

  private final PrintStream out;

  Banner(PrintStream out) {
    this.out = out;
  }

  /** Said once in the life of a data folder. */
  void admin(NewAdmin admin) {
    out.println(
        "Created the user "
            + admin.username()
            + " with the password "
            + admin.password()
            + " (shown only now).");
  }

  void started(Profile profile, Set<Role> roles, List<ServiceModule> added, StoaConfig config) {
    long millis = ManagementFactory.getRuntimeMXBean().getUptime();
    if (config.log().format() == LogConfig.Format.JSON) {
      // Standard output and the log may well end up in one stream, of which each line is JSON.
      LOG.info("ready after {} ms: {}, profile {}", millis, roles, profile);
      return;
    }
    if (!roles.contains(Role.GATEWAY)) {
      out.println("Stoa is ready (profile " + profile + ", " + millis + " ms).");
      roles.forEach(role -> out.println("  %-9s http://%s".formatted(role, config.address(role))));
      added.forEach(module -> out.println("  " + at(module, config)));
      metrics(config.management());
      return;
    }
    String address = "http://" + config.address(Role.GATEWAY);
    out.println("Stoa is ready at " + address + " (profile " + profile + ", " + millis + " ms).");
    out.println("  Health    " + address + "/health");
    metrics(config.management());
    if (roles.contains(Role.CONSOLE)) {
      out.println("  Console   " + address + "/console/");
    }
    out.println("  API docs  " + address + "/api/docs");
    added.forEach(
        module -> out.println("  Added     " + address + "/api/" + module.service() + "/…"));
    out.println("  Products  " + address + "/api/products");
    out.println("  Next      README.md, \"From register to paid order in one minute\"");
  }

  private static String at(ServiceModule module, StoaConfig config) {
    var service = config.services().get(module.service());
    return module.service() + " http://" + service.host() + ":" + service.port();
  }

  /** Whoever leaves the port to the system does not want to read it here. */
  private void metrics(ManagementConfig management) {
    if (management.port() != 0) {
      out.println("  Metrics   http://" + management.address() + "/metrics");
    }
  }
}
