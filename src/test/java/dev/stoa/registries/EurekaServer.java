package dev.stoa.registries;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * A real Eureka server in a JVM of its own. Its class path is worked out by Maven from a project
 * beside the tests and never meets ours. It asks for a password.
 */
public final class EurekaServer implements AutoCloseable {
  private static final Path HOME = Path.of("target", "eureka").toAbsolutePath();
  private static final Path RESOURCES =
      Path.of("src", "test", "resources", "eureka-server").toAbsolutePath();
  private static final String PLUGIN =
      "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath";

  private static final String USER = "stoa";

  /** With what has to be encoded in a URL. */
  private static final String PASSWORD = "p@ss:w/rd 1";

  private final int port = FreePorts.one();
  private final ServerProcess process;

  private EurekaServer() {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            classPath(),
            RESOURCES.resolve("EurekaMain.java").toString(),
            "--server.address=127.0.0.1",
            "--server.port=" + port,
            "--spring.security.user.name=" + USER,
            "--spring.security.user.password=" + PASSWORD,
            "--eureka.client.register-with-eureka=false",
            "--eureka.client.fetch-registry=false",
            "--eureka.server.enable-self-preservation=false",
            "--eureka.server.eviction-interval-timer-in-ms=500",
            "--eureka.server.use-read-only-response-cache=false",
            "--eureka.server.wait-time-in-ms-when-sync-empty=0");
    this.process =
        new ServerProcess(
            command,
            "eureka",
            URI.create(open() + "/apps"),
            Map.of("Authorization", authorization()),
            body -> body.contains("applications"));
  }

  public static EurekaServer started() {
    EurekaServer server = new EurekaServer();
    server.start();
    return server;
  }

  /** Starts it, or starts it again with nothing in its memory. */
  public void start() {
    process.start();
  }

  public void kill() {
    process.kill();
  }

  /** Where it is, with the password that it asks for. */
  public String url() {
    return open().replace("//", "//" + USER + ":p%40ss:w%2Frd%201@");
  }

  /** Where it is, and lets nobody in. */
  public String open() {
    return "http://127.0.0.1:" + port + "/eureka";
  }

  /** The header that lets in. */
  public static String authorization() {
    byte[] pair = (USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  public void close() {
    kill();
  }

  private static synchronized String classPath() {
    Path list = HOME.resolve("classpath-secured.txt");
    try {
      if (!Files.exists(list)) {
        resolve(Files.createDirectories(HOME), list);
      }
      return Files.readString(list).strip();
    } catch (IOException e) {
      throw new AssertionError("Eureka could not be fetched", e);
    }
  }

  private static void resolve(Path home, Path list) throws IOException {
    String project = RESOURCES.resolve("pom.xml").toString();
    List<String> command =
        List.of("mvn", "-B", "-ntp", "-f", project, PLUGIN, "-Dmdep.outputFile=" + list);
    Commands.run(home, command);
  }
}
