package dev.stoa.drill;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Holds what customers were told against what the system knows afterwards. */
final class Books {
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final Api admin;

  Books(Api admin) {
    this.admin = admin;
  }

  List<Verdict> judge(Traffic traffic) {
    Ledger ledger = traffic.ledger();
    List<Verdict> verdicts = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    List<String> chargedTwice = new ArrayList<>();
    for (String order : ledger.orders()) {
      boolean paid = ledger.paidOrders().contains(order);
      if (!Pause.until(paid ? SETTLED : Duration.ZERO, () -> isThere(order, paid))) {
        lost.add(order);
      }
      if (charges(order) > 1) {
        chargedTwice.add(order);
      }
    }
    int orders = ledger.orders().size();
    int paid = ledger.paidOrders().size();
    verdicts.add(
        new Verdict(
            "no acknowledged order or payment is lost",
            lost.isEmpty() && orders > 0,
            "%d orders, %d payments acknowledged, %d requests sent again, %d lost%s"
                .formatted(
                    orders,
                    paid,
                    traffic.resent(),
                    lost.size(),
                    lost.isEmpty() ? "" : ": " + lost.get(0))));
    verdicts.add(
        new Verdict(
            "nobody is charged twice",
            chargedTwice.isEmpty() && paid > 0,
            chargedTwice.isEmpty()
                ? "one charge for each of %d".formatted(paid)
                : "twice for " + chargedTwice));
    verdicts.add(addsUp());
    return verdicts;
  }

  private boolean isThere(String order, boolean paid) {
    Api.Answer answer = admin.get("/api/orders/" + order);
    return answer.ok() && (!paid || answer.json().getString("status", "").equals("paid"));
  }

  private long charges(String order) {
    return admin.get("/api/payments?order_id=" + order).json().getJsonArray("items").stream()
        .filter(payment -> ((JsonObject) payment).getString("status").equals("completed"))
        .count();
  }

  private Verdict addsUp() {
    AtomicReference<JsonObject> found = new AtomicReference<>(new JsonObject());
    boolean ok =
        Pause.until(
            SETTLED,
            () -> {
              found.set(admin.get("/api/orders/invariants").json());
              JsonObject sagas = found.get().getJsonObject("sagas", new JsonObject());
              return found.get().getBoolean("ok", false) && sagas.getInteger("unfinished", 1) == 0;
            });
    JsonObject stock = found.get().getJsonObject("stock", new JsonObject());
    return new Verdict(
        "stock and money add up",
        ok,
        ok
            ? "received %s = available %s + reserved %s + sold %s"
                .formatted(
                    stock.getValue("received"),
                    stock.getValue("available"),
                    stock.getValue("reserved"),
                    stock.getValue("sold"))
            : "violations "
                + found.get().getValue("violations")
                + ", sagas "
                + found.get().getValue("sagas"));
  }
}
