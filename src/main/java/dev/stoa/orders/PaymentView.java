package dev.stoa.orders;

import dev.stoa.service.Money;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A payment as payment-service tells of it.
 *
 * @param taken whether money was taken; it may have been given back since
 * @param settled false while money is on its way, in either direction
 * @param fault what does not add up in its own books
 */
record PaymentView(
    String id,
    String orderId,
    boolean taken,
    boolean settled,
    Money amount,
    Money refunded,
    Optional<String> fault) {

  static PaymentView of(JsonObject json) {
    String currency = json.getString("currency");
    String status = json.getString("status");
    return new PaymentView(
        json.getString("payment_id"),
        json.getString("order_id"),
        !status.equals("failed") && !status.equals("pending"),
        json.getBoolean("settled"),
        Money.parse(json.getValue("amount"), currency, "amount"),
        Money.parse(json.getValue("refunded_amount"), currency, "refunded_amount"),
        Optional.ofNullable(json.getString("fault")));
  }

  /** What is left of it, in minor units. */
  long kept() {
    return taken ? amount.minorUnits() - refunded.minorUnits() : 0;
  }
}
