package dev.stoa.payments;

import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.service.Outbox;
import io.vertx.core.Future;
import java.time.Instant;

/** What payments tells the world: {@code payment.<status>}, about the order that is paid. */
record PaymentEvents(Outbox outbox) {

  /** Writes how a payment stands now, inside the transaction that made it so. */
  Future<Rows> add(Sql sql, Payment payment, Instant now) {
    return outbox.add(
        sql, "payment." + payment.status().text(), payment.orderId(), now, PaymentJson.of(payment));
  }
}
