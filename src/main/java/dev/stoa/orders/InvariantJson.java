package dev.stoa.orders;

import dev.stoa.service.Money;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Duration;

/** Reports of the checker as operators see them. */
final class InvariantJson {
  private InvariantJson() {}

  static JsonObject of(InvariantReport report) {
    JsonArray violations = new JsonArray();
    report.violations().forEach(violation -> violations.add(of(violation)));
    JsonArray money = new JsonArray();
    report.money.forEach((currency, sums) -> money.add(of(currency, sums)));
    return new JsonObject()
        .put("ok", report.ok())
        .put("checked_at", report.endedAt.toString())
        .put("took_millis", Duration.between(report.startedAt, report.endedAt).toMillis())
        .put("complete", report.stoppedAfter == null)
        .put("continue_after", report.stoppedAfter)
        .put(
            "orders",
            new JsonObject().put("judged", report.judged).put("unsettled", report.unsettled))
        .put(
            "sagas",
            new JsonObject()
                .put("unfinished", report.unfinishedSagas)
                .put("needs_attention", report.needingAttention))
        .put("stock", of(report.stock))
        .put("money", money)
        .put("violations_found", report.violated)
        .put("violations", violations);
  }

  private static JsonObject of(InvariantReport.Violation violation) {
    return new JsonObject()
        .put("rule", violation.rule())
        .put("subject", violation.subject())
        .put("detail", violation.detail());
  }

  private static JsonObject of(InvariantReport.Stock stock) {
    return new JsonObject()
        .put("products", stock.products)
        .put("received", stock.received)
        .put("available", stock.available)
        .put("reserved", stock.reserved)
        .put("sold", stock.sold);
  }

  private static JsonObject of(String currency, InvariantReport.Sums sums) {
    return new JsonObject()
        .put("currency", currency)
        .put("payments", amount(sums.payments))
        .put("refunds", amount(sums.refunds))
        .put("paid_orders", amount(sums.paidOrders))
        .put("partial_refunds", amount(sums.partialRefunds));
  }

  private static BigDecimal amount(long minorUnits) {
    return BigDecimal.valueOf(minorUnits, Money.DECIMALS);
  }
}
