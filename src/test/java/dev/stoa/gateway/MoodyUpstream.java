package dev.stoa.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An upstream that keeps every request it is sent, head and body, and answers each as its mood of
 * the moment is; well, when it has none left.
 */
final class MoodyUpstream implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("\r\n(?i:content-length): ([0-9]+)\r\n");
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nwell";

  /** What it does when a request has arrived. */
  interface Mood {
    Mood WELL = saying(OK);
    Mood HANGS = Talk::untilGone;
    Mood RESETS = Talk::reset;
    Mood CLOSES = Talk::close;
    Mood HALF_A_HEAD = talk -> talk.say("HTTP/1.1 200 OK\r\nContent-").reset();
    Mood HALF_CLOSES =
        talk -> {
          talk.socket().shutdownOutput();
          talk.untilGone();
        };
    Mood GARBAGE = talk -> talk.say("SSH-2.0-OpenSSH_9.2\r\n\r\n").close();
    Mood HALF_A_BODY =
        talk -> talk.say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf").untilGone();
    Mood UNAVAILABLE = saying("HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno");
    Mood BROKEN = saying("HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\noh");

    void answer(Talk talk) throws Exception;

    static Mood saying(String answer) {
      return talk -> talk.say(answer);
    }

    /** The same after a while. */
    static Mood slow(long millis) {
      return talk -> {
        Thread.sleep(millis); // being slow is what this upstream is for
        talk.say(OK);
      };
    }
  }

  private final TalkServer server;
  private final List<String> requests = new ArrayList<>();
  private final Queue<Mood> moods = new ConcurrentLinkedQueue<>();
  private volatile Mood lasting = Mood.WELL;

  MoodyUpstream() throws IOException {
    // What fails is seen by the test in what the client got.
    server = new TalkServer(Talk.PATIENCE_MILLIS, this::serve, failure -> {});
  }

  int port() {
    return server.port();
  }

  /** For the next requests, one each. */
  MoodyUpstream next(Mood... these) {
    moods.addAll(List.of(these));
    return this;
  }

  /** For all requests that no other mood is left for. */
  MoodyUpstream always(Mood mood) {
    lasting = mood;
    return this;
  }

  /** All requests that it was sent whole, as they came. */
  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  /** How many of them carry this text. */
  long count(String text) {
    return requests().stream().filter(request -> request.contains(text)).count();
  }

  private synchronized void keep(String request) {
    requests.add(request);
  }

  private void serve(Talk talk) throws Exception {
    while (!talk.socket().isClosed()) {
      String head = talk.head();
      Matcher length = LENGTH.matcher(head);
      keep(head + (length.find() ? talk.read(Integer.parseInt(length.group(1))) : ""));
      Mood mood = moods.poll();
      (mood == null ? lasting : mood).answer(talk);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
