package dev.stoa.payments;

import dev.stoa.service.Money;
import dev.stoa.sim.Mutation;
import dev.stoa.sim.Node;
import dev.stoa.sim.World;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A provider at the other end of the simulated network. It never crashes and forgets nothing. */
final class SimulatedCharges implements PaymentProvider {
  private record Charge(Outcome outcome, long taken, long returned) {}

  private final World world;
  private final Node payments;
  private final Node node = new Node("provider");
  private final Mutation mutation;
  private final Runnable onTaken;
  private final Map<String, Charge> charges = new TreeMap<>();
  private final Map<String, Outcome> refunds = new TreeMap<>();

  SimulatedCharges(World world, Node payments, Mutation mutation, Runnable onTaken) {
    this.world = world;
    this.payments = payments;
    this.mutation = mutation;
    this.onTaken = onTaken;
  }

  long kept(String key) {
    Charge charge = charges.get(key);
    return charge == null ? 0 : charge.taken() - charge.returned();
  }

  List<String> keys() {
    return List.copyOf(charges.keySet());
  }

  @Override
  public Future<Outcome> charge(String key, Money amount, String method) {
    return ask("charge " + key, () -> take(key, amount.minorUnits()))
        .recover(
            failure ->
                mutation == Mutation.CHARGE_UNKNOWN_AS_DECLINED
                    ? Future.succeededFuture(Outcome.DECLINED)
                    : Future.failedFuture(failure));
  }

  private Outcome take(String key, long amount) {
    Charge known = charges.get(key);
    if (known == null) {
      Outcome outcome = world.chance(0.1) ? Outcome.DECLINED : Outcome.APPROVED;
      charges.put(key, new Charge(outcome, outcome == Outcome.APPROVED ? amount : 0, 0));
      onTaken.run();
      return outcome;
    }
    if (mutation == Mutation.CHARGE_AGAIN && known.outcome() == Outcome.APPROVED) {
      charges.put(key, new Charge(known.outcome(), known.taken() + amount, known.returned()));
    }
    return known.outcome();
  }

  @Override
  public Future<Optional<Outcome>> find(String key) {
    return ask("find " + key, () -> Optional.ofNullable(charges.get(key)).map(Charge::outcome));
  }

  @Override
  public Future<Outcome> close(String key) {
    return ask(
        "close " + key,
        () -> {
          Charge none = new Charge(Outcome.DECLINED, 0, 0);
          Charge known = charges.get(key);
          if (known == null && mutation != Mutation.CHARGE_NOT_CLOSED) {
            charges.put(key, none);
          }
          return known == null ? Outcome.DECLINED : known.outcome();
        });
  }

  @Override
  public Future<Outcome> refund(String key, String chargeKey, Money amount) {
    return ask("refund " + key, () -> giveBack(key, chargeKey, amount.minorUnits()));
  }

  private Outcome giveBack(String key, String chargeKey, long amount) {
    if (mutation == Mutation.GIVE_BACK_PRETENDED && key.equals(chargeKey)) {
      return Outcome.APPROVED;
    }
    Outcome known = refunds.get(key);
    if (known != null && mutation != Mutation.REFUND_AGAIN) {
      return mutation == Mutation.REFUND_FORGOTTEN && known == Outcome.DECLINED
          ? pay(key, chargeKey, amount)
          : known;
    }
    // Sometimes it does not want to, but only where an order asks that can stay paid.
    if (key.contains(":refund:") && world.chance(0.1)) {
      refunds.put(key, Outcome.DECLINED);
      return Outcome.DECLINED;
    }
    return pay(key, chargeKey, amount);
  }

  private Outcome pay(String key, String chargeKey, long amount) {
    Charge charge = charges.get(chargeKey);
    charges.put(
        chargeKey, new Charge(charge.outcome(), charge.taken(), charge.returned() + amount));
    if (charge.returned() + amount > charge.taken()) {
      world.accuse("the provider gives back more than it took for " + chargeKey);
    }
    refunds.put(key, Outcome.APPROVED);
    return Outcome.APPROVED;
  }

  private <T> Future<T> ask(String what, Supplier<T> effect) {
    return world.call(payments, node, what, () -> Future.succeededFuture(effect.get()));
  }
}
