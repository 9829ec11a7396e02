package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Requests that flow while something else happens: each of some clients sends its next one when the
 * last is answered. Any answer that is not as expected fails it.
 */
final class RequestLoad {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final AtomicLong answered = new AtomicLong();
  private final List<CompletableFuture<Void>> clients;
  private volatile boolean ending;

  private RequestLoad(int count, Supplier<Answer> request) {
    this.clients =
        IntStream.range(0, count)
            .mapToObj(i -> CompletableFuture.runAsync(() -> flow(request), RequestLoad::thread))
            .toList();
  }

  /** Begins, and goes on until it is ended; a failed request ends its client. */
  static RequestLoad of(int clients, Supplier<Answer> request) {
    return new RequestLoad(clients, request);
  }

  private void flow(Supplier<Answer> request) {
    while (!ending) {
      request.get();
      answered.incrementAndGet();
    }
  }

  /** Waits for so many more answers; ends at once where a client has failed. */
  void awaitMore(long count) {
    long wanted = answered.get() + count;
    Eventually.within(
        PATIENCE,
        () -> count + " more answers",
        () ->
            answered.get() >= wanted
                || clients.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    clients.stream().filter(CompletableFuture::isCompletedExceptionally).forEach(f -> f.join());
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "request-load");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends it; fails if a request did, or if fewer than this have been answered. */
  void end(long atLeast) {
    ending = true;
    CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
    assertTrue(answered.get() >= atLeast, () -> "only " + answered + " requests were answered");
  }
}
