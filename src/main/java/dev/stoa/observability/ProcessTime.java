package dev.stoa.observability;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;

/** The processor time of this process, under the name that Prometheus' own clients give it. */
final class ProcessTime {
  private static final double NANOS = 1e9;

  private ProcessTime() {}

  static void bind(Metrics metrics) {
    if (ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean system) {
      metrics.counters(
          "process_cpu_seconds",
          "Processor time that this process has used.",
          List.of(),
          () -> Stream.of(Sample.of(system.getProcessCpuTime() / NANOS)));
    }
  }
}
