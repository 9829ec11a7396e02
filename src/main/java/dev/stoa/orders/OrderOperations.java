package dev.stoa.orders;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import dev.stoa.service.Call;
import dev.stoa.service.Identity;
import dev.stoa.service.Money;
import dev.stoa.service.Operations;
import dev.stoa.service.PageRequest;
import dev.stoa.service.Reply;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** The operations of order-service, between its contract and its use cases. */
final class OrderOperations {
  private final OrderRepository orders;
  private final OrderFlow flow;
  private final PlaceOrder placeOrder;
  private final ChangeStatus changeStatus;
  private final InvariantCheck invariants;

  OrderOperations(
      OrderRepository orders,
      OrderFlow flow,
      PlaceOrder placeOrder,
      ChangeStatus changeStatus,
      InvariantCheck invariants) {
    this.orders = orders;
    this.flow = flow;
    this.placeOrder = placeOrder;
    this.changeStatus = changeStatus;
    this.invariants = invariants;
  }

  Operations table() {
    return new Operations()
        .on("createOrder", this::create)
        .on("getOrder", this::get)
        .on("listOrders", this::list)
        .on("getOrderTimeline", this::timeline)
        .on("changeOrderStatus", this::change)
        .on("settleOrder", this::settle)
        .on("listSagas", this::sagas)
        .on("resumeSaga", this::resume)
        .on("compensateSaga", this::compensate)
        .on("checkInvariants", this::checkInvariants);
  }

  private Future<Reply> create(Call call) {
    return placeOrder
        .place(
            call.work(),
            call.identity().userId(),
            call.body().getJsonArray("items").stream()
                .map(item -> line((JsonObject) item))
                .toList(),
            Cause.of(call))
        .map(order -> Reply.created("orders/" + order.id(), OrderJson.of(order)));
  }

  // Ids are kept in lower case; callers may write them in any (RFC 9562, section 4).
  private static PlaceOrder.Line line(JsonObject item) {
    String product = item.getString("product_id").toLowerCase(Locale.ROOT);
    return new PlaceOrder.Line(product, item.getLong("quantity"));
  }

  private Future<Reply> get(Call call) {
    return visible(call).map(order -> Reply.ok(OrderJson.of(order)));
  }

  private Future<Reply> timeline(Call call) {
    return visible(call).compose(this::timeline);
  }

  private Future<Reply> timeline(Order order) {
    return orders.events(order.id()).map(events -> Reply.ok(OrderJson.timeline(order, events)));
  }

  // Somebody else's order is answered like one that does not exist.
  private Future<Order> visible(Call call) {
    String id = call.path("order_id");
    return orders
        .get(id)
        .compose(
            order ->
                call.identity().mayActFor(order.userId())
                    ? flow.current(order, Cause.of(call))
                    : Future.failedFuture(OrderRepository.notFound(id)));
  }

  private Future<Reply> list(Call call) {
    PageRequest page = call.page();
    return orders
        .list(owner(call), call.query("status").map(OrderStatus::of), stuck(call), page)
        .map(found -> Reply.ok(page.toJson(found, Order::id, OrderJson::of)));
  }

  // Whose orders are asked for: one's own unless one may see more.
  private static Optional<String> owner(Call call) {
    Identity caller = call.identity();
    Optional<String> wanted = call.query("user_id");
    if (caller.isAdmin() || caller.isService()) {
      return wanted;
    }
    if (!caller.mayActFor(wanted.orElse(caller.userId()))) {
      throw new ProblemException(ProblemType.FORBIDDEN, "You may only see your own orders.");
    }
    return Optional.of(caller.userId());
  }

  private static boolean stuck(Call call) {
    return call.query("needs_attention").map(Boolean::parseBoolean).orElse(false);
  }

  private Future<Reply> sagas(Call call) {
    PageRequest page = call.page();
    Optional<Boolean> stuck = call.query("state").map("needs_attention"::equals);
    return orders
        .inSaga(stuck, page)
        .compose(
            found ->
                orders
                    .sagas()
                    .map(
                        count ->
                            Reply.ok(
                                page.toJson(found, Order::id, OrderJson::withSaga)
                                    .put("running", count.unfinished() - count.needingAttention())
                                    .put("needs_attention", count.needingAttention()))));
  }

  private Future<Reply> resume(Call call) {
    return flow.resume(call.path("order_id"), Cause.of(call)).compose(this::timeline);
  }

  private Future<Reply> compensate(Call call) {
    return flow.compensate(call.path("order_id"), Cause.of(call)).compose(this::timeline);
  }

  private Future<Reply> change(Call call) {
    OrderStatus next = OrderStatus.of(call.body().getString("status"));
    return changeStatus
        .change(call.path("order_id"), next, call.identity(), Cause.of(call))
        .map(order -> Reply.ok(OrderJson.of(order)));
  }

  private Future<Reply> settle(Call call) {
    JsonObject body = call.body();
    Money amount = Money.parse(body.getValue("amount"), body.getString("currency"), "amount");
    return flow.settle(call.path("order_id"), body.getString("payment_id"), amount, Cause.of(call))
        .map(order -> Reply.ok(OrderJson.of(order)));
  }

  private Future<Reply> checkInvariants(Call call) {
    boolean last = call.query("last").map(Boolean::parseBoolean).orElse(false);
    Optional<InvariantReport> known = last ? invariants.last() : Optional.empty();
    return known
        .map(Future::succeededFuture)
        .orElseGet(() -> invariants.run(call.query("after").orElse("").toLowerCase(Locale.ROOT)))
        .map(report -> Reply.ok(InvariantJson.of(report)));
  }
}
