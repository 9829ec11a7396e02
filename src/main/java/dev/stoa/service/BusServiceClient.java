package dev.stoa.service;

import dev.stoa.observability.Span;
import dev.stoa.resilience.Deadline;
import dev.stoa.resilience.Failure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;

/** Calls over the event bus. */
final class BusServiceClient {
  private final Vertx vertx;

  BusServiceClient(Vertx vertx) {
    this.vertx = vertx;
  }

  /** One attempt. */
  Future<Arrived> attempt(
      ServiceRequest request, String authorization, Deadline deadline, Span span) {
    String service = request.service();
    return vertx
        .eventBus()
        .<JsonObject>request(
            BusBinding.address(service),
            BusBinding.envelope(request, authorization, deadline, span),
            new DeliveryOptions().setSendTimeout(Math.max(1, deadline.remainingMillis())))
        .map(Message::body)
        .map(
            answer ->
                new Arrived(
                    answer.getInteger("status"),
                    BusBinding.map(answer.getJsonObject("headers")),
                    answer.getJsonObject("body")))
        .recover(failure -> Future.failedFuture(failed(service, failure)));
  }

  private static CallFailed failed(String service, Throwable failure) {
    if (failure instanceof ReplyException reply) {
      if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
        return new CallFailed(Failure.CONNECT, RemoteAnswer.unreachable(service));
      } else if (reply.failureType() == ReplyFailure.TIMEOUT) {
        return new CallFailed(Failure.TIMEOUT, RemoteAnswer.timedOut(service));
      }
    }
    return new CallFailed(Failure.BROKEN, RemoteAnswer.broken(service));
  }
}
