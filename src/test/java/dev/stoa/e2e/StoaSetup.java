package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Everything that starts a Stoa: its folder with {@code conf/} and {@code data/}, its ports, its
 * options. It can be started again and again and finds then what the run before has left.
 */
final class StoaSetup {
  static final String ADMIN_PASSWORD = "correct horse battery";
  static final String SECRET = "q8Zr1mY6vT0wXk4sN9bH3cJ7dL5fG2pA";

  private static final long COMMAND_SECONDS = 240;

  private final Path home;
  private final Ports ports = Ports.free();
  private final List<String> prefix = new ArrayList<>();
  private final List<String> jvm = new ArrayList<>();
  private final List<String> program =
      new ArrayList<>(List.of("-jar", System.getProperty("stoa.jar", "")));
  private final List<String> options = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private int runs;

  /** What a command did that ends by itself. */
  record Outcome(int exit, String out, String err) {}

  private StoaSetup(Path home) {
    this.home = home;
  }

  /** The shop with limits that no test meets by accident, a known secret and a known admin. */
  static StoaSetup in(Path home) {
    return bare(home)
        .file("routes.yaml", Routes.shop())
        .set("auth.jwt_secret", SECRET)
        .set("users.bootstrap_admin.password", ADMIN_PASSWORD);
  }

  /** Nothing but the ports is set, and no file is there. */
  static StoaSetup bare(Path home) {
    try {
      Files.createDirectories(home.resolve("conf"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new StoaSetup(home);
  }

  /** A file of the configuration. */
  StoaSetup file(String name, String text) {
    write(conf().resolve(name), text);
    return this;
  }

  /** Writes a file anew, as an editor does that saves in place. */
  static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One value of the configuration, on the command line. */
  StoaSetup set(String key, Object value) {
    return option("--set", key + "=" + value);
  }

  StoaSetup option(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  StoaSetup jvm(String... more) {
    jvm.addAll(List.of(more));
    return this;
  }

  /** Runs it by a command that becomes it ({@code exec}): in its place, with its process id. */
  StoaSetup inside(List<String> command) {
    prefix.addAll(command);
    return this;
  }

  /** Started by these words behind {@code java}, rather than by {@code -jar} and the jar. */
  StoaSetup as(List<String> words) {
    program.clear();
    program.addAll(words);
    return this;
  }

  StoaSetup environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  Path home() {
    return home;
  }

  Path conf() {
    return home.resolve("conf");
  }

  Ports ports() {
    return ports;
  }

  /** Starts it and waits until it is ready. */
  StoaProcess start() {
    return launch().awaitReady();
  }

  /** Starts it. */
  StoaProcess launch() {
    List<String> arguments = new ArrayList<>(ports.options());
    arguments.addAll(options);
    Path output = home.resolve("output-" + ++runs + ".log");
    ProcessBuilder builder =
        process("run", arguments).redirectErrorStream(true).redirectOutput(output.toFile());
    try {
      return new StoaProcess(builder.start(), output, ports);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command to its end. */
  Outcome command(String name, String... arguments) {
    List<String> all = new ArrayList<>(options);
    all.addAll(List.of(arguments));
    return outcome(name, process(name, all));
  }

  /** Runs a command that takes no options to its end. */
  Outcome bareCommand(String name) {
    return outcome(name, jar(List.of(name)));
  }

  private Outcome outcome(String name, ProcessBuilder builder) {
    Path out = home.resolve(name + ".out");
    Path err = home.resolve(name + ".err");
    try {
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      boolean ended = process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      assertTrue(ended, name + " did not end\n" + Files.readString(out) + Files.readString(err));
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private ProcessBuilder process(String command, List<String> arguments) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of("--conf", conf().toString(), "--data", home.resolve("data").toString()));
    line.addAll(arguments);
    return jar(line);
  }

  private ProcessBuilder jar(List<String> arguments) {
    List<String> line = new ArrayList<>(prefix);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(jvm);
    line.addAll(program);
    line.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("APP_"));
    builder.environment().putAll(environment);
    return builder;
  }
}
