package dev.stoa.gateway;

import dev.stoa.discovery.ServiceCatalog;
import dev.stoa.discovery.ServiceInstance;
import dev.stoa.idempotency.Claim;
import dev.stoa.idempotency.IdempotencyConfig;
import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.idempotency.KeptReply;
import dev.stoa.observability.AttemptMeter;
import dev.stoa.resilience.Resilience;
import dev.stoa.service.Identity;
import dev.stoa.service.ServiceEndpoint;
import dev.stoa.upstream.ConnectionPool;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The stage of POSTs with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). Where the
 * upstream heeds keys, it passes the request on, with a small body read first so that it can be
 * sent again. Where not, the gateway sends it once and keeps the answer: both are held in memory,
 * within bounds. Everything else streams past. One per verticle, for its event loop.
 */
final class KeyedRequests {
  /** A body of up to this length is worth a copy, so that the request can be tried again. */
  private static final long READ_AHEAD = 64 << 10;

  /** What the upstream may know its client by where the gateway does not. */
  private static final List<String> CREDENTIALS = List.of("Authorization", "Cookie", "X-Api-Key");

  private static final List<String> CONTENT = List.of("Content-Type", "Content-Encoding");

  private final Vertx vertx;
  private final GatewayKeys keys;
  private final Supplier<ServiceCatalog> catalog;
  private final Upstreams upstreams;
  private final ConnectionPool pool;
  private final Resilience resilience;
  private final Deliveries next;
  private final Watchdog watchdog;

  KeyedRequests(
      Vertx vertx, GatewayParts parts, Upstreams upstreams, ConnectionPool pool, Deliveries next) {
    this.vertx = vertx;
    this.keys = parts.keys();
    this.catalog = parts.pools()::catalog;
    this.resilience = parts.resilience();
    this.upstreams = upstreams;
    this.pool = pool;
    this.next = next;
    this.watchdog = new Watchdog(vertx);
  }

  /** As {@link Deliveries#forward}. */
  Future<Void> forward(Exchange exchange, Destination destination, Optional<Identity> caller) {
    HttpServerRequest request = exchange.request();
    boolean keyed =
        request.method().equals(HttpMethod.POST)
            && request.headers().contains(IdempotencyKey.FIELD)
            && !Tunnel.wanted(request);
    if (!keyed) {
      return next.forward(exchange, destination, caller);
    }
    return upstreamHeedsKeys(destination.config())
        ? readAhead(exchange).compose(read -> next.forward(exchange, destination, caller))
        : once(exchange, destination, caller);
  }

  private boolean upstreamHeedsKeys(RouteConfig route) {
    return switch (route.keys()) {
      case AUTO -> route.targets().stream().allMatch(this::heedsKeys);
      case GATEWAY -> false;
      case UPSTREAM -> true;
    };
  }

  private boolean heedsKeys(Target target) {
    ServiceCatalog now = catalog.get();
    return now.knows(target.host())
        && now.instances(target.host()).stream()
            .map(ServiceInstance::metadata)
            .allMatch(metadata -> "true".equals(metadata.get(ServiceEndpoint.HEEDS_KEYS)));
  }

  private Future<Void> readAhead(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    long length = RequestBody.length(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    return length <= 0 || length > READ_AHEAD
        ? Future.succeededFuture()
        : BoundedBody.read(vertx, request, (int) READ_AHEAD, exchange.config().idleTimeout())
            .onSuccess(exchange::body)
            .mapEmpty();
  }

  /** Answers with what was answered before, or forwards and keeps the answer. */
  private Future<Void> once(Exchange exchange, Destination destination, Optional<Identity> caller) {
    HttpServerRequest request = exchange.request();
    IdempotencyKey key =
        IdempotencyKey.of(request.headers().getAll(IdempotencyKey.FIELD)).orElseThrow();
    IdempotencyConfig config = keys.config();
    int maxBody = (int) Math.min(config.maxRequest(), destination.config().maxBody());
    String scope = caller.map(identity -> "user:" + identity.userId()).orElse("anyone");
    return BoundedBody.read(vertx, request, maxBody, exchange.config().idleTimeout())
        .compose(
            body ->
                keys.store()
                    .compose(
                        store ->
                            store
                                .claim(scope, key, fingerprint(exchange, caller, body))
                                .compose(
                                    admission ->
                                        admission instanceof Claim claim
                                            ? new KeyedExchange(
                                                    this, exchange, destination, caller, body)
                                                .run(store, claim)
                                            : replay(request, (KeptReply) admission))));
  }

  /**
   * All that is asked for. Who is known by a token may come back with another one; who is not known
   * has to come with the same credentials, lest somebody else gets the answer.
   */
  private static byte[] fingerprint(Exchange exchange, Optional<Identity> caller, Buffer body) {
    HttpServerRequest request = exchange.request();
    Buffer all = Buffer.buffer();
    append(all, request.method().name());
    append(all, exchange.path().target());
    CONTENT.forEach(name -> appendFields(all, request.headers(), name));
    if (caller.isEmpty()) {
      CREDENTIALS.forEach(name -> appendFields(all, request.headers(), name));
    }
    return all.appendBuffer(body).getBytes();
  }

  private static void appendFields(Buffer all, MultiMap headers, String name) {
    append(all, String.join("\n", headers.getAll(name)));
  }

  private static void append(Buffer all, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    all.appendInt(bytes.length).appendBytes(bytes);
  }

  private static Future<Void> replay(HttpServerRequest request, KeptReply kept) {
    KeyedAnswer answer = KeyedAnswer.of(kept);
    request.response().putHeader(IdempotencyKey.REPLAYED, "true");
    return answer.write(request.response());
  }

  Upstreams upstreams() {
    return upstreams;
  }

  ConnectionPool pool() {
    return pool;
  }

  AttemptMeter attempts() {
    return next.attempts();
  }

  Resilience resilience() {
    return resilience;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  long maxResponse() {
    return keys.config().maxResponse();
  }
}
