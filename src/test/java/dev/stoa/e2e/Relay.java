package dev.stoa.e2e;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes TCP connections on, until it is cut: then it is as silent as a cable that was pulled, and
 * what was on its way arrives when it is healed.
 */
final class Relay implements AutoCloseable {
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private final NetServer server;
  private final NetClient client;
  private volatile boolean cut;

  /** Listens on that port of loopback from now on. */
  Relay(Vertx vertx, int port, String toHost, int toPort) {
    client = vertx.createNetClient();
    server =
        vertx
            .createNetServer()
            .connectHandler(
                in -> {
                  add(in);
                  in.pause();
                  client
                      .connect(toPort, toHost)
                      .onSuccess(out -> join(in, out))
                      .onFailure(refused -> in.close());
                });
    Shop.await(server.listen(port, "127.0.0.1"));
  }

  private void join(NetSocket in, NetSocket out) {
    add(out);
    in.handler(out::write);
    out.handler(in::write);
    in.closeHandler(closed -> end(in, out));
    out.closeHandler(closed -> end(out, in));
    if (cut) {
      out.pause();
    } else {
      in.resume();
    }
  }

  private void add(NetSocket socket) {
    sockets.add(socket);
  }

  private void end(NetSocket closed, NetSocket other) {
    sockets.remove(closed);
    other.close();
  }

  void cut() {
    cut = true;
    sockets.forEach(NetSocket::pause);
  }

  void heal() {
    cut = false;
    sockets.forEach(NetSocket::resume);
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
