package dev.stoa.orders;

import dev.stoa.service.ServiceClient;
import dev.stoa.service.ServiceRequest;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;

/** What orders asks payment-service. */
final class PaymentsClient {
  private static final String SERVICE = "payment-service";

  private final ServiceClient client;

  PaymentsClient(ServiceClient client) {
    this.client = client;
  }

  /** Gives back all that was paid for the order and not given back before; once for each key. */
  Future<Void> refund(String orderId, String key, String requestId) {
    return client
        .call(
            ServiceRequest.to(SERVICE, "refundOrder", requestId)
                .path("order_id", orderId)
                .body(new JsonObject().put("key", key)))
        .mapEmpty();
  }

  /** Hands over each payment that did not fail whose order is in {@code (after, until]}. */
  Future<Void> audit(String after, String until, String requestId, Consumer<PaymentView> each) {
    ServiceRequest request =
        ServiceRequest.to(SERVICE, "auditPayments", requestId).query("until", until);
    return client
        .call(after.isEmpty() ? request : request.query("after", after))
        .compose(
            reply -> {
              List<PaymentView> found =
                  reply.body().getJsonArray("items").stream()
                      .map(item -> PaymentView.of((JsonObject) item))
                      .toList();
              // A full page may end amid the payments of an order: those come again.
              boolean more = reply.body().getBoolean("more");
              String open = more ? found.get(found.size() - 1).orderId() : "";
              found.stream().filter(view -> !view.orderId().equals(open)).forEach(each);
              return more
                  ? audit(Uuid7.before(open), until, requestId, each)
                  : Future.succeededFuture();
            });
  }
}
