package dev.stoa.gateway;

import dev.stoa.observability.RequestMeter;
import dev.stoa.observability.RequestScope;
import dev.stoa.observability.Span;
import dev.stoa.service.Identity;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * One request on its way through the gateway, with what the stages share: its id, whose it is, and
 * the one snapshot of the configuration that holds for it. Or one that is only asked about: then
 * there is no {@link #request}, and nothing may come of it but what the stages say. For the event
 * loop of the request.
 */
final class Exchange implements RequestScope {
  static final String REQUEST_ID = "X-Request-Id";
  static final CharSequence REQUEST_ID_FIELD = HttpHeaders.createOptimized(REQUEST_ID);
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
  private static final String NO_ROUTE = "none";
  private static final int MAX_SHOWN_PATH = 256;

  private final HttpServerRequest request;
  private final HttpMethod method;
  private final String uri;
  private final MultiMap headers;
  private final GatewayConfig config;
  private final String id;
  private final String client;
  private final boolean trustedPeer;
  private final long startNanos = System.nanoTime();
  private RequestPath path;
  private Identity admin;
  private Toll toll;
  private Destination destination;
  private Optional<Identity> caller;
  private String route = NO_ROUTE;
  private RequestMeter.Begun begun;
  private String instance = "";
  private Span span = Span.NONE;
  private Optional<Buffer> body = Optional.empty();

  Exchange(HttpServerRequest request, GatewayConfig config, String id) {
    this.request = request;
    this.method = request.method();
    this.uri = request.uri();
    this.headers = request.headers();
    this.config = config;
    this.id = id;
    String peer = request.remoteAddress().hostAddress();
    this.trustedPeer = ClientAddress.isIn(config.trustedProxies(), peer);
    this.client = client(peer);
    request.response().putHeader(REQUEST_ID_FIELD, id);
  }

  /** One that is only asked about. */
  Exchange(Question question, GatewayConfig config, String id) {
    this.request = null;
    this.method = question.method();
    this.uri = question.target();
    this.headers = question.headers();
    this.config = config;
    this.id = id;
    this.trustedPeer = ClientAddress.isIn(config.trustedProxies(), question.client());
    this.client = client(question.client());
  }

  private String client(String peer) {
    return trustedPeer
        ? ClientAddress.of(peer, headers.getAll(FORWARDED_FOR), config.trustedProxies())
        : peer;
  }

  /** Whether this is only asked about: nothing is to be taken, counted, written or sent. */
  boolean isQuestion() {
    return request == null;
  }

  HttpMethod method() {
    return method;
  }

  /** The target as it came. */
  String uri() {
    return uri;
  }

  MultiMap headers() {
    return headers;
  }

  HttpServerRequest request() {
    return request;
  }

  GatewayConfig config() {
    return config;
  }

  String id() {
    return id;
  }

  @Override
  public String requestId() {
    return id;
  }

  @Override
  public Span span() {
    return span;
  }

  void span(Span own) {
    this.span = own;
  }

  /** Whoever has proven who they are, on a route or as an admin. */
  Optional<Identity> user() {
    return caller != null && caller.isPresent() ? caller : Optional.ofNullable(admin);
  }

  /** The id of the instance that was asked last; empty where none was. */
  String instance() {
    return instance;
  }

  void instance(String asked) {
    this.instance = asked;
  }

  /** The client's address, as text. */
  String client() {
    return client;
  }

  /** Whether the other end of the connection is a proxy of ours. */
  boolean trustedPeer() {
    return trustedPeer;
  }

  RequestPath path() {
    return path;
  }

  void path(RequestPath checked) {
    this.path = checked;
  }

  /** The name under which it is counted: its route's, once that is known. */
  String route() {
    return route;
  }

  void route(String name) {
    this.route = name;
  }

  /** Where it is counted when it is over, once its route has let it pass; else null. */
  RequestMeter.Begun begun() {
    return begun;
  }

  void begun(RequestMeter.Begun counted) {
    this.begun = counted;
  }

  /** The admin who asks for what is for admins alone. */
  Identity admin() {
    return admin;
  }

  void admin(Identity caller) {
    this.admin = caller;
  }

  /** Where it goes, once that is known; else null. */
  Destination destination() {
    return destination;
  }

  void destination(Destination found) {
    this.destination = found;
    this.route = found.config().name();
  }

  /** Whose it is, where a route asked and was told; null before that. */
  Optional<Identity> caller() {
    return caller;
  }

  void caller(Optional<Identity> proven) {
    this.caller = proven;
  }

  /** What the limit said last; null where none was asked. */
  Toll toll() {
    return toll;
  }

  void toll(Toll taken) {
    this.toll = taken;
  }

  /** Since the head of the request was read. */
  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }

  /** The request's body, where a stage has read it. */
  Optional<Buffer> body() {
    return body;
  }

  /** A stage has read the request to its end. */
  void body(Buffer whole) {
    this.body = Optional.of(whole);
  }

  /** The path for people to read, also where it was refused. */
  String shownPath() {
    if (path != null) {
      return path.path();
    }
    String shown = uri == null ? "" : uri;
    int end =
        Math.min(shown.indexOf('?') < 0 ? shown.length() : shown.indexOf('?'), MAX_SHOWN_PATH);
    return shown.substring(0, end);
  }

  /** Answers with JSON of the gateway's own and lets go of the request's body. */
  Future<Void> answer(Vertx vertx, int status, JsonObject body) {
    Future<Void> written =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
            .end(body.toBuffer());
    UnreadBody.discard(vertx, request);
    return written;
  }

  /** Answers 204. */
  Future<Void> answerEmpty(Vertx vertx) {
    Future<Void> written = request.response().setStatusCode(204).end();
    UnreadBody.discard(vertx, request);
    return written;
  }
}
