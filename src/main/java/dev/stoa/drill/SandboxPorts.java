package dev.stoa.drill;

import java.util.List;

/** Where the parts of a sandbox listen, on loopback. */
record SandboxPorts(
    int users, int orders, int payments, int gateway, int management, List<Integer> products) {

  /** Some that are free, for so many instances of products. */
  static SandboxPorts free(int products) {
    List<Integer> ports = FreePorts.some(5 + products);
    return new SandboxPorts(
        ports.get(0),
        ports.get(1),
        ports.get(2),
        ports.get(3),
        ports.get(4),
        List.copyOf(ports.subList(5, ports.size())));
  }
}
