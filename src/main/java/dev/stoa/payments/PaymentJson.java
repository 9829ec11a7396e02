package dev.stoa.payments;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonObject;

/** Payments as clients see them. */
final class PaymentJson {
  private PaymentJson() {}

  static JsonObject of(Payment payment) {
    return new JsonObject()
        .put("payment_id", payment.id())
        .put("order_id", payment.orderId())
        .put("user_id", payment.userId())
        .put("status", payment.status().text())
        .put("amount", payment.amount().toJson())
        .put("currency", payment.amount().currency())
        .put("payment_method", payment.method())
        .put("refunded_amount", payment.refunded().toJson())
        .put("created_at", payment.createdAt().toString());
  }

  /** The payment, whether money is on its way, and what is wrong with its books, if anything. */
  static JsonObject audited(PaymentRepository.Books books) {
    Payment payment = books.payment();
    boolean settled =
        payment.status() != PaymentStatus.PENDING && payment.refunding().minorUnits() == 0;
    String fault =
        payment.refunded().equals(books.givenBack())
            ? null
            : "the payment says that "
                + payment.refunded().toJson()
                + " were given back, its refunds say "
                + books.givenBack().toJson();
    return of(payment).put("settled", settled).put("fault", fault);
  }

  /**
   * The problem, with the payment as its extension members. The status is the payment's: a consumer
   * of problems takes its number from the response and ignores a member that is none (RFC 9457,
   * sections 3.1 and 3.1.2).
   */
  static JsonObject declined(Payment failed, String requestId) {
    return new ProblemException(
            ProblemType.PAYMENT_DECLINED,
            "The payment was declined; the order can be paid again until it expires.")
        .toProblem("/payments", requestId)
        .toJson()
        .mergeIn(of(failed));
  }
}
