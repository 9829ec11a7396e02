package dev.stoa.e2e;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The gateways before one shop, as a load balancer sees them: in turn, without those that say that
 * they are not ready, and on to the next one where a connection is refused. It asks {@code
 * /health/ready} ten times a second; where there is only one gateway it asks nothing and goes
 * nowhere else.
 */
final class Gateways implements AutoCloseable {
  private static final long PROBE_MILLIS = 100;

  private final Vertx vertx;
  private final WebClient web;
  private final int[] ports;
  private final AtomicInteger turn = new AtomicInteger();
  private final Set<Integer> leaving = ConcurrentHashMap.newKeySet();
  private final long timer;

  Gateways(Vertx vertx, WebClient web, int... ports) {
    this.vertx = vertx;
    this.web = web;
    this.ports = ports.clone();
    this.timer = ports.length == 1 ? -1 : vertx.setPeriodic(PROBE_MILLIS, id -> probe());
  }

  /** Whose turn it is; any, where none is ready. */
  int next() {
    int first = Math.floorMod(turn.getAndIncrement(), ports.length);
    return IntStream.range(0, ports.length)
        .map(i -> ports[(first + i) % ports.length])
        .filter(port -> !leaving.contains(port))
        .findFirst()
        .orElse(ports[first]);
  }

  /** Sends it to one after the other until a connection is accepted, and to each of them once. */
  <T> Future<T> send(IntFunction<Future<T>> request) {
    return send(request, ports.length);
  }

  private <T> Future<T> send(IntFunction<Future<T>> request, int tries) {
    int port = next();
    return request
        .apply(port)
        .recover(
            failure -> {
              if (!(failure instanceof ConnectException) || tries == 1) {
                return Future.failedFuture(failure);
              }
              leaving.add(port); // until it says otherwise
              return send(request, tries - 1);
            });
  }

  private void probe() {
    Arrays.stream(ports)
        .forEach(
            port ->
                web.get(port, "127.0.0.1", "/health/ready")
                    .timeout(1_000)
                    .send()
                    .onSuccess(answer -> heard(port, answer.statusCode() == 200))
                    // A gateway that is silent may only be slow; nobody is told to leave by that.
                    .onFailure(failure -> heard(port, !(failure instanceof ConnectException))));
  }

  private void heard(int port, boolean ready) {
    if (ready) {
      leaving.remove(port);
    } else {
      leaving.add(port);
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
