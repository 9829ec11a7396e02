package dev.stoa.app;

import dev.stoa.config.ConfigReader;
import dev.stoa.observability.ManagementConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process is called in status and events, the same after a restart: {@code node} of the
 * configuration, else its address in the cluster, else the machine and the management port, which
 * no two processes of one machine share.
 */
final class NodeName {
  /** Asking the network for one's own name may take many seconds; the kernel knows it. */
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");

  private static final String SHAPE = "[A-Za-z0-9._:\\[\\]-]{1,100}";

  private NodeName() {}

  static String of(
      ConfigReader root, ClusterConfig cluster, ManagementConfig management, boolean clustered) {
    String standard =
        clustered
            ? cluster.address()
            : machine() + (management.port() == 0 ? "" : ":" + management.port());
    String name = root.string("node", standard);
    if (!name.matches(SHAPE)) {
      root.error("node", "up to 100 letters, digits and -._:");
      return standard;
    }
    return name;
  }

  private static String machine() {
    return Stream.of(kernel(), variable("HOSTNAME"), variable("COMPUTERNAME"))
        .filter(name -> name.matches(SHAPE))
        .findFirst()
        .orElse("localhost");
  }

  private static String variable(String name) {
    String value = System.getenv(name);
    return value == null ? "" : value;
  }

  private static String kernel() {
    try {
      return Files.readString(KERNEL).strip();
    } catch (IOException otherSystem) {
      return "";
    }
  }
}
