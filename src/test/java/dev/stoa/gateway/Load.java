package dev.stoa.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that send one GET after the other, and what they got. */
final class Load {
  private final HttpClient client;
  private final int port;
  private final String uri;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicInteger left;
  private final Map<String, Integer> answers = new ConcurrentSkipListMap<>();
  private final Future<Void> over;

  /** Begins with so many clients; ends by itself after so many requests. */
  Load(Vertx vertx, int port, String uri, int clients, int requests) {
    this.client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(clients));
    this.port = port;
    this.uri = uri;
    this.left = new AtomicInteger(requests);
    List<Future<Void>> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(next());
    }
    this.over = Future.join(all).mapEmpty();
  }

  private Future<Void> next() {
    if (stopped.get() || left.decrementAndGet() < 0) {
      return Future.succeededFuture();
    }
    return client
        .request(HttpMethod.GET, port, "127.0.0.1", uri)
        .compose(
            request ->
                request
                    .send()
                    .compose(
                        response ->
                            response
                                .body()
                                .map(body -> response.statusCode() == 200 ? text(body) : "failed")))
        .otherwise("failed")
        .compose(
            answer -> {
              answers.merge(answer, 1, Integer::sum);
              return next();
            });
  }

  private static String text(Buffer body) {
    return body.toString();
  }

  /** How often each answer came until now; {@code failed} for everything but 200. */
  Map<String, Integer> answers() {
    return new TreeMap<>(answers);
  }

  int failed() {
    return answers.getOrDefault("failed", 0);
  }

  int total() {
    return answers.values().stream().mapToInt(count -> count).sum();
  }

  /** Waits until all requests are answered. */
  Map<String, Integer> await() {
    GatewayFixture.await(over);
    GatewayFixture.await(client.close());
    return answers();
  }

  Map<String, Integer> stop() {
    stopped.set(true);
    return await();
  }
}
