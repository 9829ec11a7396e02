package dev.stoa.gateway;

import dev.stoa.service.Identity;
import dev.stoa.upstream.Answer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Keeps the last good answers to GETs of routes that fall back on them. An answer belongs to the
 * user it was given to, and to everybody only where it says {@code Cache-Control: public}; what
 * must not be stored (RFC 9111, section 3) is not. Bounded in bytes; when full, others make room.
 * One per process; safe on any thread, without locks.
 */
public final class LastGoodAnswers {
  private static final long MAX_TOTAL = 16L << 20;
  private static final int MAX_BODY = 256 << 10;

  /** What an entry costs beside its body. */
  private static final int OVERHEAD = 1024;

  private static final String EVERYBODY = "";
  private static final List<String> KEPT_FIELDS =
      List.of("Content-Type", "Content-Encoding", "Content-Language", "ETag", "Last-Modified");

  /** Whose answer to what. */
  private record Key(String route, String user, String uri) {}

  /** An answer; {@code varied} are the request's fields that it goes with. */
  private record Entry(
      Map<String, String> fields, Map<String, String> varied, Buffer body, long atNanos) {

    int cost() {
      return OVERHEAD + body.length();
    }

    boolean fits(HttpServerRequest request) {
      return varied.entrySet().stream()
          .allMatch(field -> field.getValue().equals(all(request, field.getKey())));
    }
  }

  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicLong total = new AtomicLong();

  /** Gathers the body of one answer; keeps it once it is complete. */
  final class Copy implements Consumer<Buffer> {
    private final Key key;
    private final Map<String, String> fields;
    private final Map<String, String> varied;
    private Buffer body = Buffer.buffer();

    private Copy(Key key, Map<String, String> fields, Map<String, String> varied) {
      this.key = key;
      this.fields = fields;
      this.varied = varied;
    }

    @Override
    public void accept(Buffer part) {
      if (body != null) {
        body = body.length() + part.length() > MAX_BODY ? null : body.appendBuffer(part);
      }
    }

    void complete() {
      if (body != null) {
        put(key, new Entry(fields, varied, body, System.nanoTime()));
      }
    }
  }

  /** A copy to be made of this answer; empty where it may not be kept. */
  Optional<Copy> copy(
      String route, HttpServerRequest request, Optional<Identity> caller, Answer head) {
    String control = String.join(",", head.fields().getAll("Cache-Control"));
    String said = control.toLowerCase(Locale.ROOT);
    List<String> vary = HeaderRules.members(head.fields().getAll("Vary"));
    if (head.status() != 200
        || said.contains("no-store")
        || head.fields().contains("Set-Cookie")
        || vary.contains("*")) {
      return Optional.empty();
    }
    boolean shared = head.fields().mentions("Cache-Control", "public");
    Map<String, String> fields = new ConcurrentHashMap<>();
    for (String name : KEPT_FIELDS) {
      Optional.ofNullable(head.get(name)).ifPresent(value -> fields.put(name, value));
    }
    Map<String, String> varied = new ConcurrentHashMap<>();
    vary.forEach(name -> varied.put(name, all(request, name)));
    String user = shared ? EVERYBODY : owner(request, caller);
    return user == null
        ? Optional.empty()
        : Optional.of(new Copy(new Key(route, user, request.uri()), fields, varied));
  }

  /** The last good answer, if there is one that is not too old. */
  Optional<StandIn> find(
      String route, HttpServerRequest request, Optional<Identity> caller, Duration maxAge) {
    List<String> owners = new ArrayList<>();
    Optional.ofNullable(owner(request, caller)).ifPresent(owners::add);
    owners.add(EVERYBODY);
    for (String user : owners) {
      Entry entry = entries.get(new Key(route, user, request.uri()));
      if (entry != null && entry.fits(request)) {
        Duration age = Duration.ofNanos(System.nanoTime() - entry.atNanos);
        if (age.compareTo(maxAge) <= 0) {
          return Optional.of(response -> write(response, entry, age));
        }
      }
    }
    return Optional.empty();
  }

  private static void write(HttpServerResponse response, Entry entry, Duration age) {
    MultiMap headers = response.headers();
    entry.fields.forEach(headers::set);
    headers.set("Age", Long.toString(age.toSeconds()));
    headers.set("Cache-Status", "stoa; hit; detail=\"last good\""); // RFC 9211
    response.setStatusCode(200).end(entry.body);
  }

  /** Null where nobody can tell whose it is: somebody the gateway does not know. */
  private static String owner(HttpServerRequest request, Optional<Identity> caller) {
    if (caller.isPresent()) {
      return "user:" + caller.get().userId();
    }
    boolean anonymous =
        !request.headers().contains(HttpHeaders.AUTHORIZATION)
            && !request.headers().contains(HttpHeaders.COOKIE);
    return anonymous ? "anonymous" : null;
  }

  private void put(Key key, Entry entry) {
    Entry before = entries.put(key, entry);
    total.addAndGet(entry.cost() - (before == null ? 0 : before.cost()));
    Iterator<Map.Entry<Key, Entry>> others = entries.entrySet().iterator();
    while (total.get() > MAX_TOTAL && others.hasNext()) {
      Map.Entry<Key, Entry> other = others.next();
      if (!other.getKey().equals(key) && entries.remove(other.getKey(), other.getValue())) {
        total.addAndGet(-other.getValue().cost());
      }
    }
  }

  private static String all(HttpServerRequest request, String field) {
    return String.join(",", request.headers().getAll(field));
  }
}
