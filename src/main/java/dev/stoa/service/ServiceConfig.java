package dev.stoa.service;

import dev.stoa.config.ConfigReader;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.resilience.GuardConfig;
import dev.stoa.resilience.RetryPolicy;
import java.time.Duration;

/**
 * Where one service listens and how others call it: {@code services.<name>} of the configuration.
 *
 * @param transport how {@link ServiceClient} reaches it
 * @param timeout how long a caller waits for its answer, all attempts together
 * @param advertised what registries are told of it
 * @param guard what guards calls of it
 * @param retry when a call that may be made again is
 */
public record ServiceConfig(
    String name,
    String host,
    int port,
    Transport transport,
    Duration timeout,
    Advertised advertised,
    GuardConfig guard,
    RetryPolicy retry) {

  /** One that is advertised where it listens, with the default resilience. */
  public ServiceConfig(String name, String host, int port, Transport transport, Duration timeout) {
    this(
        name,
        host,
        port,
        transport,
        timeout,
        Advertised.at(host),
        GuardConfig.DEFAULT,
        RetryPolicy.SERVICES);
  }

  /** As registries are told of it, if it listens where this says. */
  public ServiceInstance instance() {
    return advertised.instance(name, port);
  }

  public static ServiceConfig from(ConfigReader root, String name, int defaultPort) {
    ConfigReader own = root.section("services." + name);
    String host = own.string("host", "127.0.0.1");
    return new ServiceConfig(
        name,
        host,
        own.integer("port", defaultPort, 0, 65535),
        own.oneOf("transport", Transport.class, Transport.HTTP),
        own.duration("timeout", Duration.ofSeconds(5)),
        Advertised.from(root, own, host),
        GuardConfig.from(own, GuardConfig.from(root, GuardConfig.DEFAULT)),
        RetryPolicy.from(own, RetryPolicy.from(root, RetryPolicy.SERVICES)));
  }
}
