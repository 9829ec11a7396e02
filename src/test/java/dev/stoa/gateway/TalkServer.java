package dev.stoa.gateway;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.function.Consumer;

/** A server that plays a script on each connection, on a thread of its own. */
final class TalkServer implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 4096, InetAddress.getByName("127.0.0.1"));

  /** What this side of a connection does; the connection ends with it. */
  interface Script {
    void play(Talk talk) throws Exception;
  }

  /** Something to be done beside the test. */
  interface Job {
    void run() throws Exception;
  }

  /**
   * Listens on a port of its own.
   *
   * @param patienceMillis how long a script waits for the other side; 0 for ever
   * @param failures hears what fails other than by a closed socket
   */
  TalkServer(int patienceMillis, Script script, Consumer<Throwable> failures) throws IOException {
    daemon(
        () -> {
          while (!server.isClosed()) {
            Talk talk = new Talk(server.accept(), patienceMillis);
            daemon(
                () -> {
                  try (talk) {
                    script.play(talk);
                  }
                },
                failures);
          }
        },
        failures);
  }

  int port() {
    return server.getLocalPort();
  }

  static Thread daemon(Job job, Consumer<Throwable> failures) {
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException closed) {
                // the test closed it, or asserts on it from the other side
              } catch (Exception | AssertionError failure) {
                failures.accept(failure);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
