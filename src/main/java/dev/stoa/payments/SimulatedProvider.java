package dev.stoa.payments;

import dev.stoa.config.Live;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.Row;
import dev.stoa.persistence.Rows;
import dev.stoa.persistence.Sql;
import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A provider for development and tests. It keeps books of its own, as a real one would, so that it
 * remembers what it did when everyone else has crashed.
 */
final class SimulatedProvider implements PaymentProvider {
  private static final String FIND = "SELECT outcome FROM charges WHERE charge_key = $1";

  private final Database ledger;
  private final Live<PaymentsConfig> config;

  SimulatedProvider(Database ledger, Live<PaymentsConfig> config) {
    this.ledger = ledger;
    this.config = config;
  }

  @Override
  public Future<Outcome> charge(String key, Money amount, String method) {
    return once(key, amount.minorUnits(), amount.currency(), method, draw(key));
  }

  @Override
  public Future<Outcome> close(String key) {
    return once(key, 0, "", "closed", Outcome.DECLINED);
  }

  // The first to come with a key decides what became of it.
  private Future<Outcome> once(
      String key, long minorUnits, String currency, String method, Outcome outcome) {
    return ledger.guarded(
        sql ->
            sql.run(
                    """
                    INSERT INTO charges
                      (charge_key, amount_minor, currency, method, outcome, refunded_minor)
                    VALUES ($1, $2, $3, $4, $5, 0)
                    ON CONFLICT (charge_key) DO NOTHING""",
                    key,
                    minorUnits,
                    currency,
                    method,
                    outcome.name().toLowerCase(Locale.ROOT))
                .compose(done -> sql.run(FIND, key))
                .map(rows -> rows.first(SimulatedProvider::outcome).orElseThrow()));
  }

  // The same for the same seed and key, whatever the rest of the world does.
  private Outcome draw(String key) {
    PaymentsConfig now = config.get();
    double drawn = new SplittableRandom((long) now.seed() << 32 ^ key.hashCode()).nextDouble();
    return drawn < now.successRate() ? Outcome.APPROVED : Outcome.DECLINED;
  }

  @Override
  public Future<Optional<Outcome>> find(String key) {
    return ledger.read(FIND, key).map(rows -> rows.first(SimulatedProvider::outcome));
  }

  private static Outcome outcome(Row row) {
    return Outcome.valueOf(row.text("outcome").toUpperCase(Locale.ROOT));
  }

  @Override
  public Future<Outcome> refund(String key, String chargeKey, Money amount) {
    return ledger.guarded(
        sql ->
            // Of two refunds of one charge the second looks when the first is there.
            sql.run(
                    "UPDATE charges SET refunded_minor = refunded_minor WHERE charge_key = $1",
                    chargeKey)
                .compose(
                    mine -> sql.run("SELECT refund_key FROM refunds WHERE refund_key = $1", key))
                .compose(
                    found ->
                        found.isEmpty()
                            ? firstRefund(sql, key, chargeKey, amount)
                            : Future.succeededFuture(Outcome.APPROVED)));
  }

  private static Future<Outcome> firstRefund(Sql sql, String key, String chargeKey, Money amount) {
    return sql.run(
            """
            UPDATE charges SET refunded_minor = refunded_minor + $1
            WHERE charge_key = $2 AND currency = $3 AND outcome = 'approved'
              AND refunded_minor + $1 <= amount_minor""",
            amount.minorUnits(),
            chargeKey,
            amount.currency())
        .compose(
            rows ->
                rows.changed() == 1
                    ? enter(sql, key, chargeKey, amount).map(Outcome.APPROVED)
                    : Future.succeededFuture(Outcome.DECLINED));
  }

  private static Future<Rows> enter(Sql sql, String key, String chargeKey, Money amount) {
    return sql.run(
        "INSERT INTO refunds (refund_key, charge_key, amount_minor) VALUES ($1, $2, $3)",
        key,
        chargeKey,
        amount.minorUnits());
  }
}
