package dev.stoa.page;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of the class path as pages. Each is read when it is first asked for, off the event loop,
 * and kept, so there are at most as many in memory as there are in the jar. Safe on any thread;
 * what is returned belongs to the context of whoever asks.
 */
public final class PageFiles {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "png", "image/png",
          "txt", "text/plain; charset=utf-8");

  private final Vertx vertx;
  private final Map<String, String> headers;
  private final Map<String, Page> read = new ConcurrentHashMap<>();

  /**
   * @param headers that each of them goes out with
   */
  public PageFiles(Vertx vertx, Map<String, String> headers) {
    this.vertx = vertx;
    this.headers = headers;
  }

  /**
   * The file of this name; empty where there is none, or of no type that is served.
   *
   * @param name absolute, with {@code /} in front; of the caller's choice, not a client's
   */
  public Future<Optional<Page>> at(String name) {
    Page known = read.get(name);
    if (known != null) {
      return Future.succeededFuture(Optional.of(known));
    }
    return vertx
        .executeBlocking(() -> load(name), false)
        .onSuccess(found -> found.ifPresent(page -> read.put(name, page)));
  }

  private Optional<Page> load(String name) throws IOException {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try (InputStream in = type == null ? null : PageFiles.class.getResourceAsStream(name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(Page.of(Buffer.buffer(in.readAllBytes()), type, headers));
    }
  }
}
