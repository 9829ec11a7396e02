package dev.stoa.discovery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryHttpTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private final RegistryHttp http = new RegistryHttp(vertx, new HttpClientOptions(), 1, 1_000_000);
  private final AtomicInteger closed = new AtomicInteger();
  private final int port =
      Waiting.on(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"))
          .actualPort();

  @AfterEach
  void close() {
    Waiting.on(vertx.close());
  }

  @Test
  void anAnswerIsThereInFull() {
    RegistryHttp.Answer answer = Waiting.on(ask("/short", LONG));

    assertEquals(203, answer.status());
    assertEquals(new JsonObject().put("you", "said so"), answer.object());
  }

  @Test
  void whatSendsForEverIsNotListenedToForEver() throws Exception {
    Throwable failure = failure(ask("/endless", LONG));

    assertTrue(failure.getMessage().contains("more than"), failure::toString);
    Waiting.until(closed::get, () -> closed.get() == 1);
    assertEquals(203, Waiting.on(ask("/short", LONG)).status());
  }

  @Test
  void whatComesDropByDropIsWaitedForNoLongerThanForSilence() throws Exception {
    for (String slow : new String[] {"/drops", "/silent"}) {
      assertTrue(failure(ask(slow, Duration.ofMillis(300))) instanceof TimeoutException, slow);
    }
    Waiting.until(closed::get, () -> closed.get() == 2);
  }

  @Test
  void aConnectionThatIsResetIsNoErrorOfOurs() throws Exception {
    Semaphore answered = new Semaphore(0);
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        CaughtLog log = new CaughtLog(ConnectionBase.class)) {
      CompletableFuture<Void> twice =
          CompletableFuture.runAsync(() -> resetTwice(server, answered));
      for (int i = 0; i < 2; i++) {
        // The second time over another connection, so the first one is known to be gone.
        Waiting.until(twice::isDone, () -> succeeds(ask(server.getLocalPort(), "/", LONG)));
        answered.release();
      }
      twice.get(60, TimeUnit.SECONDS);

      assertEquals(List.of(), log.lines());
    }
  }

  private static void resetTwice(ServerSocket server, Semaphore answered) {
    for (int i = 0; i < 2; i++) {
      try (Socket socket = server.accept()) {
        socket.setSoLinger(true, 0); // closing it is a reset
        socket.getInputStream().read(new byte[1_000]);
        socket
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(UTF_8));
        answered.acquire();
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** On one context, as a directory does. */
  private Future<RegistryHttp.Answer> ask(String path, Duration limit) {
    return ask(port, path, limit);
  }

  private Future<RegistryHttp.Answer> ask(int at, String path, Duration limit) {
    RequestOptions what = new RequestOptions().setHost("127.0.0.1").setPort(at).setURI(path);
    return Future.future(
        promise ->
            vertx
                .getOrCreateContext()
                .runOnContext(
                    go -> http.ask(what, Buffer.buffer("said so"), limit).onComplete(promise)));
  }

  private static boolean succeeds(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | InterruptedException | TimeoutException e) {
      return false;
    }
  }

  private static Throwable failure(Future<?> future) throws Exception {
    try {
      future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
      throw new AssertionError("no failure");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  private void answer(HttpServerRequest request) {
    request.response().setChunked(true).setStatusCode(203);
    request.connection().closeHandler(gone -> closed.incrementAndGet());
    switch (request.path()) {
      case "/short" ->
          request
              .body()
              .onSuccess(
                  said ->
                      request
                          .response()
                          .end(new JsonObject().put("you", said.toString()).toBuffer()));
      case "/endless" -> pour(request, Buffer.buffer(new byte[64 * 1024]));
      case "/drops" -> vertx.setPeriodic(20, id -> drop(request, id));
      default -> request.response().exceptionHandler(gone -> {});
    }
  }

  private void pour(HttpServerRequest request, Buffer part) {
    request.response().write(part).onSuccess(more -> pour(request, part));
  }

  private void drop(HttpServerRequest request, long timer) {
    request.response().write(" ").onFailure(gone -> vertx.cancelTimer(timer));
  }
}
