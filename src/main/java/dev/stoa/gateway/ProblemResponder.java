package dev.stoa.gateway;

import dev.stoa.problem.Problem;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a refusal or failure becomes a response (RFC 9457). What is no {@link
 * ProblemException} is a bug: the client learns the request's id, the log the rest.
 */
final class ProblemResponder {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemResponder.class);

  private static final String WWW_AUTHENTICATE = "WWW-Authenticate";

  private final Vertx vertx;

  ProblemResponder(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Answers, or, if the answer has begun already, breaks it off so that it is not taken as whole.
   */
  void respond(Exchange exchange, Throwable cause) {
    if (cause instanceof HttpClosedException) {
      return; // the client went away and waits for nothing
    }
    ProblemException problem = problem(exchange, cause);
    HttpServerRequest request = exchange.request();
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      if (!response.ended()) {
        response.reset();
      }
      return;
    }
    problem.headers().forEach(response::putHeader);
    if (problem.type().status() == 401 && !response.headers().contains(WWW_AUTHENTICATE)) {
      response.putHeader(WWW_AUTHENTICATE, "Bearer");
    }
    boolean last = HeaderRules.expectsContinue(request) && request.version() != HttpVersion.HTTP_2;
    if (last) {
      // Whether the body comes now is the client's choice: what follows could be either.
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    write(request, problem.toProblem(exchange.shownPath(), exchange.id()));
    if (last) {
      Wire.end(request.connection());
    } else {
      UnreadBody.discard(vertx, request);
    }
  }

  /** Answers what the server could not even read; the connection cannot be used any more. */
  void respondUnreadable(Exchange exchange) {
    ProblemException problem = unreadable(exchange.request().decoderResult().cause());
    exchange.request().response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    write(exchange.request(), problem.toProblem(exchange.shownPath(), exchange.id()));
    Wire.end(exchange.request().connection());
  }

  private static ProblemException unreadable(Throwable cause) {
    if (cause instanceof ProblemException refusal) {
      return refusal; // of the edge, which knows best
    }
    return new ProblemException(
        ProblemType.MALFORMED_REQUEST, "The request is no well-formed HTTP.");
  }

  private static ProblemException problem(Exchange exchange, Throwable cause) {
    if (cause instanceof ProblemException problem) {
      return problem;
    }
    LOG.error(
        "request {} ({} {}) failed",
        exchange.id(),
        exchange.request().method(),
        exchange.shownPath(),
        cause);
    return new ProblemException(
        ProblemType.INTERNAL_ERROR, "Something went wrong here; the id tells us where to look.");
  }

  private static void write(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    response
        .setStatusCode(problem.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(problem.toJson().toBuffer());
  }
}
