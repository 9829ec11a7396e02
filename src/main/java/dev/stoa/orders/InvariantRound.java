package dev.stoa.orders;

import dev.stoa.orders.InvariantReport.Violation;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** One look of the checker at all there is. For one use. */
final class InvariantRound {
  private static final int PAGE = 100;
  private static final int MAX_SUSPECTS = 1000;
  private static final Duration MAX_ROUND = Duration.ofSeconds(15);
  private static final Duration BEFORE_THE_NEXT_LOOK = Duration.ofMillis(500);
  // Orders younger than this are left for the next round.
  private static final Duration AGE = Duration.ofMillis(500);

  private final OrderRepository orders;
  private final ProductsClient products;
  private final PaymentsClient payments;
  private final InstantSource clock;
  private final Pause pause;
  private final String requestId;
  private final InvariantReport report;
  private final List<String> suspects = new ArrayList<>();
  private boolean lastLook;

  /** Succeeds after so long. */
  @FunctionalInterface
  interface Pause {
    Future<Void> of(Duration length);
  }

  InvariantRound(
      OrderRepository orders,
      ProductsClient products,
      PaymentsClient payments,
      InstantSource clock,
      Pause pause,
      String requestId) {
    this.orders = orders;
    this.products = products;
    this.payments = payments;
    this.clock = clock;
    this.pause = pause;
    this.requestId = requestId;
    this.report = new InvariantReport(clock.instant());
  }

  /** Looks at all products and at all orders after that one. */
  Future<InvariantReport> run(String after) {
    String youngest = Uuid7.lastAt(report.startedAt.minus(AGE));
    return stock("")
        .compose(done -> orders(after, youngest))
        .compose(done -> lookAgain())
        .onSuccess(done -> lastLook = true)
        .compose(done -> lookAgain())
        .compose(done -> orders.sagas())
        .map(
            sagas -> {
              report.unfinishedSagas = sagas.unfinished();
              report.needingAttention = sagas.needingAttention();
              report.endedAt = clock.instant();
              return report;
            });
  }

  private Future<Void> stock(String after) {
    return products
        .auditStock(after, requestId)
        .compose(
            page -> {
              String next = after;
              for (Object entry : page.getJsonArray("items")) {
                next = addBooks((JsonObject) entry);
              }
              return page.getBoolean("more") ? stock(next) : Future.succeededFuture();
            });
  }

  private String addBooks(JsonObject books) {
    InvariantReport.Stock sums = report.stock;
    sums.products++;
    sums.received += books.getLong("received");
    sums.available += books.getLong("available");
    sums.reserved += books.getLong("reserved");
    sums.sold += books.getLong("sold");
    String product = books.getString("product_id");
    if (books.getString("fault") != null) {
      report.add(new Violation("stock", "product:" + product, books.getString("fault")));
    }
    return product;
  }

  private Future<Void> orders(String after, String youngest) {
    return orders
        .between(after, youngest, PAGE)
        .compose(
            page -> {
              boolean more = page.size() == PAGE;
              String until = more ? page.get(PAGE - 1).id() : youngest;
              return evidence(page, after, until)
                  .onSuccess(this::judge)
                  .compose(done -> more ? goOn(until, youngest) : Future.succeededFuture());
            });
  }

  // Not before a page was looked at: each round gets further.
  private Future<Void> goOn(String after, String youngest) {
    if (clock.instant().isAfter(report.startedAt.plus(MAX_ROUND))) {
      report.stoppedAfter = after;
      return Future.succeededFuture();
    }
    return orders(after, youngest);
  }

  private Future<Evidence> evidence(List<Order> page, String after, String until) {
    Evidence evidence = new Evidence(page);
    return products
        .auditReservations(after, until, requestId, evidence::add)
        .compose(done -> payments.audit(after, until, requestId, evidence::add))
        .map(evidence);
  }

  private void judge(Evidence evidence) {
    evidence.verdicts(
        clock.instant(),
        (orderId, verdict) -> {
          if (!verdict.settled()) {
            report.unsettled++;
          } else if (verdict.faults().isEmpty()) {
            evidence.order(orderId).ifPresent(o -> report.count(o, evidence.payments(orderId)));
          } else if (lastLook || suspects.size() == MAX_SUSPECTS) {
            verdict
                .faults()
                .forEach(fault -> report.add(new Violation("order", "order:" + orderId, fault)));
          } else {
            suspects.add(orderId);
          }
        });
  }

  private Future<Void> lookAgain() {
    if (suspects.isEmpty()) {
      return Future.succeededFuture();
    }
    List<String> before = List.copyOf(suspects);
    suspects.clear();
    Future<Void> chain = pause.of(BEFORE_THE_NEXT_LOOK);
    for (String orderId : before) {
      chain = chain.compose(done -> lookAgain(orderId));
    }
    return chain;
  }

  // The order is read before and after the others: where it has moved, it is on its way.
  private Future<Void> lookAgain(String orderId) {
    String after = Uuid7.before(orderId);
    return orders
        .between(after, orderId, 1)
        .compose(
            found ->
                evidence(found, after, orderId)
                    .compose(
                        evidence ->
                            orders
                                .between(after, orderId, 1)
                                .onSuccess(again -> judge(found.equals(again), evidence))))
        .mapEmpty();
  }

  private void judge(boolean steady, Evidence evidence) {
    if (steady) {
      judge(evidence);
    } else {
      report.unsettled++;
    }
  }
}
