package dev.stoa.gateway;

import dev.stoa.idempotency.IdempotencyKey;
import dev.stoa.problem.ProblemException;
import dev.stoa.service.Identity;
import dev.stoa.service.Reply;
import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import dev.stoa.service.TokenIssuer;
import dev.stoa.service.TokenIssuer.IssuedToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Logging in and registering: user-service knows the passwords, the gateway limits the attempts and
 * signs the tokens.
 */
final class LoginEndpoint {
  static final String LOGIN = "/api/auth/login";
  static final String REGISTER = "/api/auth/register";
  static final List<String> PATHS = List.of(LOGIN, REGISTER);

  private static final String SERVICE = "user-service";
  private static final int MAX_BODY = 16 * 1024;

  private final Vertx vertx;
  private final ServiceClient services;
  private final TokenIssuer tokens;
  private final Throttle throttle;

  LoginEndpoint(Vertx vertx, ServiceClient services, TokenIssuer tokens, Throttle throttle) {
    this.vertx = vertx;
    this.services = services;
    this.tokens = tokens;
    this.throttle = throttle;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.post(LOGIN, this::login).guardedBy(exchange -> limit(exchange, "login")),
        Endpoint.post(REGISTER, this::register).guardedBy(exchange -> limit(exchange, "register")));
  }

  private Future<Void> login(Exchange exchange) {
    exchange.request().response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    return ask(exchange, "login", Optional.empty())
        .compose(reply -> exchange.answer(vertx, 200, signedIn(reply.body())));
  }

  private Future<Void> register(Exchange exchange) {
    Optional<IdempotencyKey> key =
        IdempotencyKey.of(exchange.request().headers().getAll(IdempotencyKey.FIELD));
    return ask(exchange, "register", key)
        .compose(
            reply -> {
              String replayed = reply.headers().get(IdempotencyKey.REPLAYED);
              if (replayed != null) {
                exchange.request().response().putHeader(IdempotencyKey.REPLAYED, replayed);
              }
              String location = reply.headers().get("Location");
              if (location != null) { // relative to the path, which ends as the service's does
                exchange.request().response().putHeader(HttpHeaders.LOCATION, location);
              }
              return exchange.answer(vertx, reply.status(), reply.body());
            });
  }

  private Future<Void> limit(Exchange exchange, String operation) {
    return throttle.byAddress(
        exchange, new Allowance(operation, operation, exchange.config().limits().login()));
  }

  private Future<Reply> ask(Exchange exchange, String operation, Optional<IdempotencyKey> key) {
    return JsonBody.read(vertx, exchange.request(), MAX_BODY)
        .compose(
            json ->
                services.call(
                    ServiceRequest.to(SERVICE, operation, exchange.id())
                        .body(json)
                        .idempotencyKey(key.map(IdempotencyKey::text).orElse(null))))
        .recover(cause -> Future.failedFuture(unlessAway(cause)));
  }

  private JsonObject signedIn(JsonObject user) {
    JsonArray roles = user.getJsonArray("roles");
    Set<String> names = new HashSet<>();
    roles.forEach(role -> names.add((String) role));
    Identity identity = new Identity(user.getString("user_id"), user.getString("username"), names);
    IssuedToken issued = tokens.issue(identity);
    return new JsonObject()
        .put("token", issued.token())
        .put("token_type", "Bearer")
        .put("expires_in", issued.expiresIn())
        .put(
            "user",
            new JsonObject()
                .put("user_id", identity.userId())
                .put("username", identity.username())
                .put("roles", new JsonArray(new TreeSet<>(names).stream().toList())));
  }

  /** That the service is away is the same to a client, however we noticed. */
  private static Throwable unlessAway(Throwable cause) {
    if (cause instanceof ProblemException problem) {
      return switch (problem.type()) {
        case SERVICE_UNAVAILABLE, BAD_GATEWAY, GATEWAY_TIMEOUT ->
            Refusals.unavailable("The user service does not answer at the moment.");
        default -> problem;
      };
    }
    return cause;
  }
}
