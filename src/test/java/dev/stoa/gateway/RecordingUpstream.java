package dev.stoa.gateway;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream that keeps every byte it is sent, cut into requests by the plainest reading there is:
 * a head up to an empty line, then a body by its one {@code content-length} or one {@code
 * transfer-encoding: chunked}. What does not fit that is kept as garbage.
 */
final class RecordingUpstream implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("\r\n(?i:content-length): ([0-9]+)\r\n");
  private static final Pattern CHUNKED = Pattern.compile("\r\n(?i:transfer-encoding): chunked\r\n");

  private final ServerSocket server = new ServerSocket(0, 512, InetAddress.getByName("127.0.0.1"));
  private final List<String> requests = new ArrayList<>();
  private final String answer;

  RecordingUpstream(String answer) throws IOException {
    this.answer = answer;
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** All whole requests since the last call, as they came. */
  synchronized List<String> take() {
    List<String> taken = List.copyOf(requests);
    requests.clear();
    return taken;
  }

  private synchronized void keep(String request) {
    requests.add(request);
  }

  private void accept() throws IOException {
    while (true) {
      Socket socket = server.accept();
      daemon(() -> serve(new Talk(socket, 0)));
    }
  }

  private void serve(Talk talk) throws IOException {
    try (talk) {
      while (true) {
        String head = talk.head();
        keep(head + body(talk, head));
        talk.say(answer);
      }
    } catch (EOFException end) {
      // between requests, or within one that was broken off: that is not a request
    }
  }

  private static String body(Talk talk, String head) throws IOException {
    Matcher length = LENGTH.matcher(head);
    boolean chunked = CHUNKED.matcher(head).find();
    if (!length.find()) {
      return chunked ? talk.until("\r\n0\r\n\r\n") : "";
    }
    int bytes = Integer.parseInt(length.group(1));
    return chunked || length.find(length.end() - 2) ? "GARBAGE: ambiguous" : talk.read(bytes);
  }

  private interface Job {
    void run() throws IOException;
  }

  private static void daemon(Job job) {
    Thread thread =
        new Thread(
            () -> {
              try {
                job.run();
              } catch (IOException closed) {
                // by the test or by the gateway
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
