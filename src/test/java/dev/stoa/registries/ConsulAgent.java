package dev.stoa.registries;

import java.net.URI;
import java.util.List;

/** A real Consul agent in development mode: it keeps nothing on disk, so a restart forgets all. */
public final class ConsulAgent implements AutoCloseable {
  private final int port;
  private final ServerProcess process;

  private ConsulAgent() {
    List<Integer> ports = FreePorts.some(4);
    this.port = ports.get(0);
    List<String> command =
        List.of(
            ConsulBinary.path().toString(),
            "agent",
            "-dev",
            "-bind=127.0.0.1",
            "-client=127.0.0.1",
            "-http-port=" + port,
            "-grpc-port=-1",
            "-dns-port=-1",
            "-server-port=" + ports.get(1),
            "-serf-lan-port=" + ports.get(2),
            "-serf-wan-port=" + ports.get(3),
            "-log-level=warn");
    this.process =
        new ServerProcess(
            command,
            "consul",
            // Ready when it has written itself into its catalog, which takes a moment longer than
            // to elect a leader.
            URI.create("http://127.0.0.1:" + port + "/v1/health/service/consul?passing"),
            body -> body.contains("serfHealth"));
  }

  /** One that has been given its ports and is not running. */
  public static ConsulAgent stopped() {
    return new ConsulAgent();
  }

  public static ConsulAgent started() {
    return stopped().start();
  }

  /** Starts it, or starts it again with nothing in its memory. */
  public ConsulAgent start() {
    process.start();
    return this;
  }

  public void kill() {
    process.kill();
  }

  public int port() {
    return port;
  }

  @Override
  public void close() {
    kill();
  }
}
