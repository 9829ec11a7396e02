package dev.stoa.gateway;

import dev.stoa.gateway.RouteConfig.Auth;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Identity;
import dev.stoa.service.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/** Finds out who calls, and whether the route is for them. */
final class Authentication {
  /** What requests with a token that is not good are counted under. */
  static final String FAILED = "failed-authentication";

  private static final Future<Optional<Identity>> NOBODY = Future.succeededFuture(Optional.empty());

  private final TokenVerifier tokens;
  private final Throttle throttle;

  Authentication(TokenVerifier tokens, Throttle throttle) {
    this.tokens = tokens;
    this.throttle = throttle;
  }

  /**
   * Who calls; empty where the route does not ask, or asks politely and gets no token. A token that
   * is there has to be good even where none is needed: who sends an expired one should hear of it.
   */
  Future<Optional<Identity>> identify(Exchange exchange, RouteConfig route) {
    if (route.auth() == Auth.NONE) {
      return NOBODY;
    }
    String authorization = exchange.headers().get(HttpHeaders.AUTHORIZATION);
    if (route.auth() == Auth.OPTIONAL && authorization == null) {
      return NOBODY;
    }
    try {
      return Future.succeededFuture(Optional.of(tokens.verify(authorization)));
    } catch (ProblemException refusal) {
      return throttle
          .byAddress(exchange, failures(exchange))
          .compose(counted -> Future.failedFuture(refusal));
    }
  }

  /** Refuses everybody but admins, at once: bad tokens are counted in this process alone. */
  Identity requireAdmin(Exchange exchange) {
    Identity caller = verify(exchange, exchange.headers().get(HttpHeaders.AUTHORIZATION));
    if (!caller.isAdmin()) {
      throw forbidden();
    }
    return caller;
  }

  /** Whether the one who was let in as an admin would be now; counts nothing. */
  boolean isAdmin(Exchange exchange) {
    try {
      return tokens.verify(exchange.request().getHeader(HttpHeaders.AUTHORIZATION)).isAdmin();
    } catch (ProblemException refusal) {
      return false;
    }
  }

  private Identity verify(Exchange exchange, String authorization) {
    try {
      return tokens.verify(authorization);
    } catch (ProblemException refusal) {
      throttle.byAddressHere(exchange, failures(exchange));
      throw refusal;
    }
  }

  private static Allowance failures(Exchange exchange) {
    return new Allowance(FAILED, FAILED, exchange.config().limits().failedAuthentication());
  }

  /** Refuses who has none of the route's roles. */
  void authorize(Optional<Identity> caller, RouteConfig route) {
    if (!route.roles().isEmpty()
        && caller.filter(identity -> route.roles().stream().anyMatch(identity::has)).isEmpty()) {
      throw forbidden();
    }
  }

  private static ProblemException forbidden() {
    return new ProblemException(ProblemType.FORBIDDEN, "This needs a role that you do not have.");
  }
}
