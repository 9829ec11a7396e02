package dev.stoa.discovery;

import java.util.Objects;

/**
 * One running copy of a service.
 *
 * @param id unique over all services: {@code user-service-127.0.0.1-8081}
 * @param service the name that routes and clients use
 */
public record ServiceInstance(String id, String service, String host, int port) {
  public ServiceInstance {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(service, "service");
    Objects.requireNonNull(host, "host");
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is outside 1..65535");
    }
  }

  /** An instance with the usual id, {@code name-address-port}. */
  public static ServiceInstance of(String service, String host, int port) {
    return new ServiceInstance(service + "-" + host + "-" + port, service, host, port);
  }
}
