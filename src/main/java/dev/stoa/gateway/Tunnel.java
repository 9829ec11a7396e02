package dev.stoa.gateway;

import dev.stoa.edge.HardenedServer;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Call;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetSocket;
import io.vertx.core.streams.ReadStream;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Joins client and upstream after {@code 101 Switching Protocols}: bytes pass untouched both ways
 * with back-pressure, and with them the frames, extensions and close codes of a WebSocket. The end
 * of one side, after what it had still said, is the end of the other.
 */
final class Tunnel {
  private static final Pattern HTTP_AGAIN = Pattern.compile("(?i)h2|http|tls");

  private final Vertx vertx;
  private final ProxyTarget.Timeouts timeouts;
  private final Call call;
  private final Answer answer;
  private final Watchdog.Watch watch;
  private final Promise<Void> over = Promise.promise();
  private NetSocket client;
  private int open = 2;

  Tunnel(Vertx vertx, Watchdog watchdog, ProxyTarget.Timeouts timeouts, Call call, Answer answer) {
    this.vertx = vertx;
    this.timeouts = timeouts;
    this.call = call;
    this.answer = answer;
    this.watch = watchdog.watch(this::tearDown);
  }

  /**
   * Whether a request asks to leave HTTP. Another HTTP, or TLS with HTTP inside, is none of the
   * upstream's business: a tunnel to it would lead past every rule of the gateway.
   */
  static boolean wanted(HttpServerRequest request) {
    String protocol = request.getHeader(HttpHeaders.UPGRADE);
    return protocol != null
        && !HTTP_AGAIN.matcher(protocol).find()
        && request.version() == HttpVersion.HTTP_1_1
        && request.method() == HttpMethod.GET
        && RequestBody.of(request) == RequestBody.NONE
        && HeaderRules.mentions(request.headers(), "Connection", "Upgrade");
  }

  /**
   * Whether the upstream goes over to what was asked for, and says so (RFC 9110, section 7.8). If
   * it does not, nobody knows what the bytes behind its answer are.
   */
  private static boolean isAgreed(HttpServerRequest request, Answer answer) {
    List<String> chosen = HeaderRules.members(answer.fields().getAll("Upgrade"));
    return !chosen.isEmpty()
        && chosen.stream()
            .allMatch(name -> HeaderRules.mentions(request.headers(), "Upgrade", name));
  }

  /**
   * Writes the head of the client's 101.
   *
   * @throws IllegalArgumentException if the upstream's cannot be passed on
   */
  void begin(HttpServerRequest request) {
    if (!isAgreed(request, answer)) {
      throw new IllegalArgumentException("The upstream switches to what nobody asked for.");
    }
    MultiMap head = request.response().headers();
    HeaderRules.toClient(answer, head);
    head.remove(HttpHeaders.CONTENT_LENGTH); // means nothing here (RFC 9112, section 6.3)
    head.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    head.set(HttpHeaders.UPGRADE, String.join(", ", answer.fields().getAll("Upgrade")));
  }

  /** Passes the 101 on and joins the sides; completes when both are closed. */
  Future<Void> open(HttpServerRequest request) {
    answer.pause();
    HardenedServer.leaveHttp(request.connection());
    return request
        .toNetSocket()
        .onFailure(failure -> call.reset())
        .compose(socket -> join(request, socket));
  }

  private Future<Void> join(HttpServerRequest request, NetSocket socket) {
    client = socket;
    client.pause();
    watch.within(timeouts.stream());
    Pump up = new Pump(client, call, Pump.UNKNOWN, this::alive).start();
    Pump down = new Pump(answer, client, Pump.UNKNOWN, this::alive).start();
    link(client, up, down);
    link(answer, down, up);
    Wire.onClose(request.connection(), () -> closed(up, down));
    call.onClose(() -> closed(down, up));
    HardenedServer.handOver(request.connection());
    client.resume();
    answer.resume();
    return over.future();
  }

  /** When {@code side} ends, {@code onward} delivers what it said last. */
  private void link(ReadStream<Buffer> side, Pump onward, Pump back) {
    side.exceptionHandler(failure -> ended(onward, back));
    side.endHandler(v -> ended(onward, back));
  }

  private void closed(Pump onward, Pump back) {
    ended(onward, back);
    open--;
    if (open == 0) {
      watch.cancel();
      call.reset(); // which lets go of what nobody takes any more
      over.complete();
    }
  }

  private void ended(Pump onward, Pump back) {
    if (open == 0) {
      return;
    }
    back.stop();
    onward.flush();
    watch.within(timeouts.idle());
    vertx.runOnContext(v -> onward.end());
  }

  private boolean alive(int bytes) {
    watch.touch();
    return true;
  }

  private void tearDown() {
    Wire.reset(client);
    call.reset();
  }
}
