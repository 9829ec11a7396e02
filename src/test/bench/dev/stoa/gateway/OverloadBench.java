package dev.stoa.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * An upstream that can do {@value #WORKERS} things at a time, {@value #WORK_MILLIS} ms each, and
 * that queues the rest without bound and without forgetting whoever has gone, as most do. Requests
 * come at a fixed rate whether or not they are answered: 8/10 of what it can do, then ten times
 * what it can do, then 8/10 again. A good answer is a 200 within {@value #PATIENCE_MILLIS} ms.
 *
 * <p>{@code mvn -B -Pbench verify -Dit.test=OverloadBench}
 */
class OverloadBench {
  private static final int WORKERS = 8;
  private static final int WORK_MILLIS = 40;
  private static final int CAPACITY = WORKERS * 1_000 / WORK_MILLIS;
  private static final int PATIENCE_MILLIS = 2_000;
  private static final int SECONDS = Integer.getInteger("bench.seconds", 10);

  private final Queue<HttpServerRequest> waiting = new ArrayDeque<>();
  private int working;
  private GatewayFixture gateway;

  @ParameterizedTest
  @CsvSource({"without, false", "defaults, true", "gradient, true"})
  void goodputUnderTenTimesTheLoad(String guards, boolean holds) throws Exception {
    gateway = new GatewayFixture(routes(guards), this::take);
    Vertx clients = Vertx.vertx();
    try {
      Load load = new Load(clients, gateway.port());
      load.run(CAPACITY / 2, 3); // warm up
      Load.Phase before = load.run(CAPACITY * 8 / 10, SECONDS);
      Load.Phase overload = load.run(10 * CAPACITY, SECONDS);
      Load.Phase recovery = load.run(CAPACITY * 8 / 10, 15);
      Load.print(guards + ", 8/10 of capacity", before);
      Load.print(guards + ", ten times       ", overload);
      Load.print(guards + ", 8/10 again      ", recovery);

      if (holds) {
        double kept = (double) overload.goodPerSecond() / CAPACITY;
        assertTrue(kept >= 0.8, "of the capacity: " + kept);
        assertTrue(recovery.secondsUntilWell() <= 10, "recovery");
        assertEquals(0, overload.rude.get(), "refused without Retry-After");
        int others =
            overload.statuses.keySet().stream()
                .filter(status -> status != 200 && status != 429 && status != 503)
                .mapToInt(status -> overload.statuses.get(status).get())
                .sum();
        assertEquals(0, others, overload.statuses::toString);
      }
    } finally {
      gateway.close();
      GatewayFixture.await(clients.close());
    }
  }

  private static String routes(String guards) {
    String rules =
        switch (guards) {
          case "without" ->
              """
              , "circuit_breaker": {"enabled": false}, "adaptive_limit": {"algorithm": "none"},
              "bulkhead": {"max_concurrent": 1000000}""";
          case "gradient" -> ", \"adaptive_limit\": {\"algorithm\": \"gradient\"}";
          default -> "";
        };
    return """
    {"outlier_detection": {"enabled": false},
     "routes": [{"name": "work", "path": "/work", "target": "http://127.0.0.1:UPSTREAM",
       "auth": "none", "rate_limit": "none", "strip_prefix": false, "timeout": "2s"RULES}]}
    """
        .replace("RULES", rules);
  }

  private void take(HttpServerRequest request) {
    waiting.add(request);
    work();
  }

  private void work() {
    while (working < WORKERS && !waiting.isEmpty()) {
      HttpServerRequest next = waiting.remove();
      working++;
      gateway.vertx.setTimer(
          WORK_MILLIS,
          id -> {
            working--;
            if (!next.response().closed()) {
              next.response().end("done");
            }
            work();
          });
    }
  }

  /** Requests at a fixed rate. */
  private static final class Load {
    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions to;

    Load(Vertx vertx, int port) {
      this.vertx = vertx;
      this.client =
          vertx.createHttpClient(
              new PoolOptions().setHttp1MaxSize(20_000).setMaxWaitQueueSize(20_000));
      this.to =
          new RequestOptions()
              .setMethod(HttpMethod.GET)
              .setHost("127.0.0.1")
              .setPort(port)
              .setURI("/work");
    }

    /** What came of one phase. */
    private static final class Phase {
      final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
      final Map<Integer, AtomicInteger> sentBySecond = new ConcurrentHashMap<>();
      final Map<Integer, AtomicInteger> goodBySecond = new ConcurrentHashMap<>();
      final AtomicInteger rude = new AtomicInteger();
      final AtomicLong offered = new AtomicLong();
      final int seconds;

      Phase(int seconds) {
        this.seconds = seconds;
      }

      int good() {
        return goodBySecond.values().stream().mapToInt(AtomicInteger::get).sum();
      }

      int goodPerSecond() {
        return good() / seconds;
      }

      /** The first second from which on nearly all requests are answered well. */
      int secondsUntilWell() {
        int well = seconds;
        while (well > 0 && share(well - 1) >= 0.95) {
          well--;
        }
        return well;
      }

      private double share(int second) {
        int sent = sentBySecond.getOrDefault(second, new AtomicInteger()).get();
        int good = goodBySecond.getOrDefault(second, new AtomicInteger()).get();
        return sent == 0 ? 1 : (double) good / sent;
      }
    }

    Phase run(int perSecond, int seconds) throws InterruptedException {
      Phase phase = new Phase(seconds);
      long start = System.nanoTime();
      int total = perSecond * seconds;
      for (int sent = 0; sent < total; ) {
        long due = (System.nanoTime() - start) * perSecond / TimeUnit.SECONDS.toNanos(1);
        for (; sent < Math.min(due + 1, total); sent++) {
          int second = sent / perSecond;
          phase.sentBySecond.computeIfAbsent(second, s -> new AtomicInteger()).incrementAndGet();
          phase.offered.incrementAndGet();
          vertx.runOnContext(v -> send(phase, second));
        }
        TimeUnit.MILLISECONDS.sleep(2); // the rate is what is given here
      }
      return phase;
    }

    private void send(Phase phase, int second) {
      long start = System.nanoTime();
      client
          .request(to)
          .compose(request -> request.send().timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
              .onFailure(late -> request.reset()))
          .onSuccess(response -> answered(phase, second, start, response))
          .onFailure(gone -> count(phase.statuses, 0));
    }

    private static void answered(
        Phase phase, int second, long start, HttpClientResponse response) {
      int status = response.statusCode();
      count(phase.statuses, status);
      boolean intime =
          System.nanoTime() - start <= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      if (status == 200 && intime) {
        count(phase.goodBySecond, second);
      } else if (status != 200 && response.getHeader("Retry-After") == null) {
        phase.rude.incrementAndGet();
      }
    }

    private static void count(Map<Integer, AtomicInteger> counts, int key) {
      counts.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
    }

    static void print(String title, Phase phase) {
      System.out.printf(
          "%s: offered %d/s, good %d/s, well from second %d on, statuses %s%n",
          title,
          phase.offered.get() / phase.seconds,
          phase.goodPerSecond(),
          phase.secondsUntilWell(),
          new TreeMap<>(phase.statuses));
    }
  }
}
