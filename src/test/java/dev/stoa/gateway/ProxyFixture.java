package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.stoa.problem.ProblemException;
import dev.stoa.upstream.Answer;
import dev.stoa.upstream.ConnectionPool;
import dev.stoa.upstream.PoolSettings;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.LoggerFactory;

/** A gateway that is nothing but a {@link Proxy}, in front of upstreams that a test scripts. */
final class ProxyFixture {
  static final Duration LONG = Duration.ofSeconds(20);

  final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setAddressResolverOptions(
                  new AddressResolverOptions()
                      .setHostsValue(Buffer.buffer("127.0.0.1 localhost\n127.0.0.1 shop.test\n"))));
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final List<TalkServer> scripted = new ArrayList<>();
  private final ListAppender<ILoggingEvent> complaints = new ListAppender<>();
  private volatile SocketAddress target = SocketAddress.inetSocketAddress(1, "127.0.0.1");
  volatile ProxyTarget.Timeouts timeouts =
      new ProxyTarget.Timeouts(LONG, LONG, LONG, Duration.ZERO);
  volatile long maxBody = Long.MAX_VALUE;
  volatile boolean trustForwarded;
  volatile boolean tls;
  volatile Map<String, String> setHeaders = Map.of();
  volatile Map<String, String> preset = Map.of();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  volatile ConnectionPool upstreams;
  private int port;

  ProxyFixture() {
    this(UpstreamClient.SETTINGS);
  }

  ProxyFixture(PoolSettings settings) {
    this(settings, UpstreamClient.server());
  }

  /** A gateway behind which little fits between it and a client that does not read. */
  static ProxyFixture narrow() {
    return new ProxyFixture(
        UpstreamClient.SETTINGS, UpstreamClient.server().setSendBufferSize(16 * 1024));
  }

  /** The same, which also has few connections to its upstream. */
  static ProxyFixture narrow(int connections, Crowd crowd) {
    return new ProxyFixture(
        UpstreamClient.SETTINGS.withConnections(connections),
        UpstreamClient.server().setSendBufferSize(16 * 1024),
        crowd);
  }

  private ProxyFixture(PoolSettings settings, HttpServerOptions server) {
    this(settings, server, new Crowd());
  }

  private ProxyFixture(PoolSettings settings, HttpServerOptions server, Crowd crowd) {
    complaints.start();
    rootLogger().addAppender(complaints);
    await(vertx.deployVerticle(new Gateway(settings, server, crowd)));
  }

  private final class Gateway extends VerticleBase {
    private final PoolSettings settings;
    private final HttpServerOptions server;
    private final Crowd crowd;
    private Proxy proxy;

    Gateway(PoolSettings settings, HttpServerOptions server, Crowd crowd) {
      this.crowd = crowd;
      this.server = server;
      this.settings = settings;
    }

    @Override
    public Future<?> start() {
      upstreams =
          new ConnectionPool(vertx, settings, opened::incrementAndGet, closed::incrementAndGet);
      proxy = new Proxy(vertx, upstreams, crowd);
      return vertx
          .createHttpServer(server.setHost("127.0.0.1").setPort(0))
          .connectionHandler(UpstreamClient::quiet)
          .requestHandler(this::handle)
          .listen()
          .onSuccess(server -> port = server.actualPort());
    }

    private void handle(HttpServerRequest request) {
      preset.forEach(request.response()::putHeader);
      ProxyTarget to =
          new ProxyTarget(
              target,
              tls,
              "shop.test",
              request.uri(),
              timeouts,
              maxBody,
              trustForwarded,
              setHeaders);
      proxy
          .forward(request, to, new Recorder())
          .onSuccess(v -> events.add("over"))
          .onFailure(failure -> refuse(request, failure));
    }

    private void refuse(HttpServerRequest request, Throwable failure) {
      events.add("refused");
      ProblemException problem = (ProblemException) failure;
      request.response().setStatusCode(problem.type().status()).end(problem.type().name());
      UnreadBody.discard(vertx, request);
    }
  }

  private final class Recorder implements ProxyObserver {
    @Override
    public void answered(Answer answer) {
      events.add("answered " + answer.status());
    }

    @Override
    public void broken(ProblemException failure) {
      events.add("broken " + failure.type());
    }

    @Override
    public void abandoned() {
      events.add("abandoned");
    }
  }

  /** An upstream that follows the script on each connection. */
  ProxyFixture scripted(TalkServer.Script script) throws IOException {
    TalkServer server = new TalkServer(Talk.PATIENCE_MILLIS, script, failures::add);
    scripted.add(server);
    target = SocketAddress.inetSocketAddress(server.port(), "127.0.0.1");
    return this;
  }

  /** Runs beside the test; failures other than closed sockets are reported at its end. */
  Thread daemon(TalkServer.Job job) {
    return TalkServer.daemon(job, failures::add);
  }

  /** An upstream that is a proper Vert.x server. */
  ProxyFixture served(Handler<HttpServerRequest> handler) {
    int upstream =
        await(vertx.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1")).actualPort();
    target = SocketAddress.inetSocketAddress(upstream, "127.0.0.1");
    return this;
  }

  ProxyFixture at(int port, String host) {
    target = SocketAddress.inetSocketAddress(port, host);
    return this;
  }

  Talk client() throws IOException {
    return Talk.to(port);
  }

  int port() {
    return port;
  }

  /** The next thing that the gateway noticed. */
  String event() throws InterruptedException {
    return events.poll(20, TimeUnit.SECONDS);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Logger rootLogger() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** What was logged that an operator has to look at, and is expected; told once. */
  List<String> complaints() {
    List<String> told =
        List.copyOf(complaints.list).stream()
            .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
            // Somebody else has the machine for a moment: no fault of the gateway.
            .filter(event -> !event.getLoggerName().endsWith("BlockedThreadChecker"))
            .map(ILoggingEvent::getFormattedMessage)
            .toList();
    complaints.list.clear();
    return told;
  }

  /** Fails if a script failed or anything was logged that an operator would have to look at. */
  void close() throws Exception {
    await(vertx.close());
    for (TalkServer server : scripted) {
      server.close();
    }
    rootLogger().detachAppender(complaints);
    assertEquals(List.of(), failures);
    assertEquals(List.of(), complaints());
  }
}
