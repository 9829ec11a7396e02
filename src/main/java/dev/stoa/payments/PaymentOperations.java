package dev.stoa.payments;

import dev.stoa.problem.ProblemType;
import dev.stoa.service.Call;
import dev.stoa.service.Identity;
import dev.stoa.service.Operations;
import dev.stoa.service.PageRequest;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The operations of payment-service, between its contract and its use cases. */
final class PaymentOperations {
  private static final int MAX_AUDITED = 1000;

  private final PaymentRepository payments;
  private final PayOrder payOrder;
  private final RefundPayment refundPayment;
  private final RefundOrder refundOrder;

  PaymentOperations(
      PaymentRepository payments,
      PayOrder payOrder,
      RefundPayment refundPayment,
      RefundOrder refundOrder) {
    this.payments = payments;
    this.payOrder = payOrder;
    this.refundPayment = refundPayment;
    this.refundOrder = refundOrder;
  }

  Operations table() {
    return new Operations()
        .on("createPayment", this::create)
        .on("getPayment", this::get)
        .on("listPayments", this::list)
        .on("refundPayment", this::refund)
        .on("refundOrder", this::refundOrder)
        .on("auditPayments", this::audit);
  }

  private Future<Reply> create(Call call) {
    JsonObject body = call.body();
    PayOrder.Wish wish =
        new PayOrder.Wish(
            body.getString("order_id"),
            body.getString("payment_method"),
            body.getValue("amount"),
            body.getString("currency"));
    return payOrder
        .pay(call.work(), wish, call.identity().userId(), call.requestId())
        .map(payment -> created(payment, call.requestId()));
  }

  private static Reply created(Payment payment, String requestId) {
    return payment.status() == PaymentStatus.FAILED
        ? new Reply(
            ProblemType.PAYMENT_DECLINED.status(),
            PaymentJson.declined(payment, requestId),
            Map.of())
        : Reply.created("payments/" + payment.id(), PaymentJson.of(payment));
  }

  private Future<Reply> get(Call call) {
    return payments
        .get(call.path("payment_id"))
        .map(
            payment -> {
              if (!call.identity().mayActFor(payment.userId())) {
                throw PaymentRepository.notFound(payment.id());
              }
              return Reply.ok(PaymentJson.of(payment));
            });
  }

  private Future<Reply> list(Call call) {
    PageRequest page = call.page();
    Identity caller = call.identity();
    Optional<String> owner =
        caller.isAdmin() || caller.isService() ? Optional.empty() : Optional.of(caller.userId());
    return payments
        .list(owner, call.query("order_id"), page)
        .map(found -> Reply.ok(page.toJson(found, Payment::id, PaymentJson::of)));
  }

  private Future<Reply> refund(Call call) {
    Optional<Object> amount = Optional.ofNullable(call.body().getValue("amount"));
    return refundPayment
        .refund(call.work(), call.path("payment_id"), amount, call.identity(), call.requestId())
        .map(payment -> Reply.ok(PaymentJson.of(payment)));
  }

  private Future<Reply> refundOrder(Call call) {
    return refundOrder
        .refund(call.path("order_id"), call.body().getString("key"), call.requestId())
        .map(payment -> Reply.ok(PaymentJson.of(payment)));
  }

  private Future<Reply> audit(Call call) {
    String until = call.query("until").orElseThrow().toLowerCase(Locale.ROOT);
    return payments
        .between(call.query("after").orElse("").toLowerCase(Locale.ROOT), until, MAX_AUDITED)
        .map(
            found -> {
              JsonArray items = new JsonArray();
              found.forEach(payment -> items.add(PaymentJson.audited(payment)));
              return Reply.ok(
                  new JsonObject().put("items", items).put("more", found.size() == MAX_AUDITED));
            });
  }
}
