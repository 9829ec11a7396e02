package dev.stoa.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;

/** Calls over the event bus. */
final class BusServiceClient {
  private final Vertx vertx;

  BusServiceClient(Vertx vertx) {
    this.vertx = vertx;
  }

  Future<Reply> call(ServiceRequest request, String authorization, Duration timeout) {
    String service = request.service();
    return vertx
        .eventBus()
        .<JsonObject>request(
            BusBinding.address(service),
            BusBinding.envelope(request, authorization),
            new DeliveryOptions().setSendTimeout(timeout.toMillis()))
        .map(Message::body)
        .recover(failure -> Future.failedFuture(problem(service, failure)))
        .compose(
            answer ->
                RemoteAnswer.of(
                    service,
                    answer.getInteger("status"),
                    BusBinding.map(answer.getJsonObject("headers")),
                    answer.getJsonObject("body")));
  }

  private static Throwable problem(String service, Throwable failure) {
    if (failure instanceof ReplyException reply) {
      return reply.failureType() == ReplyFailure.NO_HANDLERS
          ? RemoteAnswer.unreachable(service)
          : reply.failureType() == ReplyFailure.TIMEOUT
              ? RemoteAnswer.timedOut(service)
              : RemoteAnswer.broken(service);
    }
    return RemoteAnswer.broken(service);
  }
}
