package dev.stoa.gateway;

import dev.stoa.observability.Metrics;
import dev.stoa.upstream.ConnectionPool;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.io.PrintStream;
import java.util.Map;

/** A process that is one {@link Proxy} in front of the port it is given; prints its own port. */
final class SmallGateway {
  private SmallGateway() {}

  public static void main(String[] args) {
    PrintStream out = System.out;
    Vertx vertx = Vertx.vertx();
    ConnectionPool pool = UpstreamClient.create(vertx, new Metrics().upstreamConnections());
    Proxy proxy = new Proxy(vertx, pool);
    SocketAddress upstream =
        SocketAddress.inetSocketAddress(Integer.parseInt(args[0]), "127.0.0.1");
    vertx
        .createHttpServer(UpstreamClient.server())
        .requestHandler(
            request ->
                proxy
                    .forward(
                        request,
                        new ProxyTarget(
                            upstream,
                            false,
                            "large.test",
                            request.uri(),
                            ProxyTarget.Timeouts.DEFAULT,
                            Long.MAX_VALUE,
                            false,
                            Map.of()),
                        ProxyObserver.NONE)
                    .onFailure(failure -> request.response().setStatusCode(500).end()))
        .listen(0, "127.0.0.1")
        .onSuccess(server -> out.println(server.actualPort()));
  }
}
