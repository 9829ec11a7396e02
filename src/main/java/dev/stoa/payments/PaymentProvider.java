package dev.stoa.payments;

import dev.stoa.service.Money;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Somebody who takes money and gives it back. Each request has a key: the same request again has no
 * further effect and the same outcome. A future that fails says nothing about whether the request
 * took effect; ask {@link #find} or ask again.
 */
interface PaymentProvider {

  /** What became of a request. */
  enum Outcome {
    APPROVED,
    DECLINED
  }

  /** Takes the money. */
  Future<Outcome> charge(String key, Money amount, String method);

  /** What became of a charge; empty where it never arrived. */
  Future<Optional<Outcome>> find(String key);

  /**
   * No charge by that key from now on, not even one that is still on its way: what became of it,
   * DECLINED where there was none.
   */
  Future<Outcome> close(String key);

  /** Gives back some of what was charged, never more than that in all. */
  Future<Outcome> refund(String key, String chargeKey, Money amount);
}
