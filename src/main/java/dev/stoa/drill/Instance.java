package dev.stoa.drill;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One process of the sandbox; it can be started again after it has ended. For one thread, but for
 * its end.
 */
final class Instance {
  private static final Duration START = Duration.ofSeconds(60);
  private static final long STOP_SECONDS = 30;
  private static final int LAST_LINES = 20;

  private final String name;
  private final List<String> command;
  private final Path log;
  private final Api api;
  private Process process;
  private boolean ended;

  /**
   * A process that is not started yet.
   *
   * @param api of its health
   */
  Instance(String name, List<String> command, Path log, Api api) {
    this.name = name;
    this.command = List.copyOf(command);
    this.log = log;
    this.api = api;
  }

  String name() {
    return name;
  }

  int port() {
    return api.port();
  }

  /** Not any more once it was {@link #end ended}. */
  synchronized void start() {
    if (ended) {
      throw new DrillFailure("the drill was ended");
    }
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(log.getParent().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // What is set for a real Stoa on this machine is not meant for this one.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("APP_"));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new DrillFailure(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  void awaitReady() {
    boolean ready =
        Pause.until(START, () -> !process.isAlive() || api.get("/health/ready").status() == 200);
    if (!ready || !process.isAlive()) {
      throw new DrillFailure(name + " does not get ready; it said last:\n" + lastWords());
    }
  }

  /** For good, in whatever state it is; from any thread. */
  synchronized void end() {
    ended = true;
    kill();
  }

  /** SIGKILL, and waits for the end. */
  synchronized void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd();
    }
  }

  /** SIGTERM, and waits for the orderly end. */
  void terminate() {
    process.destroy();
    awaitEnd();
  }

  /** SIGSTOP: connections are still taken by the system, and nobody answers. */
  void freeze() {
    signal("-STOP");
  }

  /** SIGCONT. */
  void thaw() {
    signal("-CONT");
  }

  private void signal(String signal) {
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new DrillFailure("no signal can be sent here: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DrillFailure("the drill was interrupted");
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new DrillFailure(name + " does not end within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "nothing that can be read: " + e.getMessage();
    }
  }
}
