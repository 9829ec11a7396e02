package dev.stoa.gateway;

import java.io.IOException;
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

  private final TalkServer server;
  private final List<String> requests = new ArrayList<>();
  private final String answer;

  RecordingUpstream(String answer) throws IOException {
    this.answer = answer;
    this.server = new TalkServer(0, this::serve, failure -> {});
  }

  int port() {
    return server.port();
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

  private void serve(Talk talk) throws IOException {
    // Ends between requests, or within one that is broken off: that is not a request.
    while (true) {
      String head = talk.head();
      keep(head + body(talk, head));
      talk.say(answer);
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

  @Override
  public void close() throws IOException {
    server.close();
  }
}
