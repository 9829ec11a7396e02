package dev.stoa.orders;

import dev.stoa.persistence.Violations;
import dev.stoa.sim.Mutation;
import dev.stoa.sim.Node;
import dev.stoa.sim.World;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The orders of a simulated world, as a database keeps them. */
final class SimulatedOrders implements OrderStore {
  private final World world;
  private final Node node;
  private final Mutation mutation;
  private final Map<String, Order> rows = new TreeMap<>();
  private final Map<String, List<OrderEvent>> events = new HashMap<>();
  // Where intents are forgotten, what the process believes to have written.
  private final Map<String, Order> believed = new HashMap<>();

  SimulatedOrders(World world, Node node, Mutation mutation) {
    this.world = world;
    this.node = node;
    this.mutation = mutation;
  }

  /** The process has died, and its beliefs with it. */
  void forget() {
    believed.clear();
  }

  Map<String, Order> rows() {
    return rows;
  }

  @Override
  public Future<Order> insert(Order draft, Move placed) {
    return world.store(
        node,
        draft.id(),
        () -> {
          Order order = draft.with(placed.next());
          if (rows.containsKey(order.id()) || believed.containsKey(order.id())) {
            return Future.failedFuture(Violations.unique("one per id"));
          }
          if (mutation == Mutation.FORGET_INTENT) {
            believed.put(order.id(), order);
          } else {
            write(order, placed);
          }
          return Future.succeededFuture(order);
        });
  }

  @Override
  public Future<Order> advance(Order order, Move move) {
    return world.store(
        node,
        order.id(),
        () -> {
          Order there = current(order.id());
          boolean stale = there.progress().version() != order.progress().version();
          if (stale && mutation != Mutation.IGNORE_VERSION) {
            return Future.failedFuture(new StaleOrder(order.id()));
          }
          Order next = order.with(move.next());
          if (mutation == Mutation.FORGET_INTENT && isIntent(move)) {
            believed.put(order.id(), next);
          } else {
            believed.remove(order.id());
            write(next, move);
          }
          return Future.succeededFuture(next);
        });
  }

  private static boolean isIntent(Move move) {
    return move.events().get(move.events().size() - 1).step().stream()
        .anyMatch(note -> note.phase() == SagaNote.Phase.INTENT);
  }

  private void write(Order order, Move move) {
    Order before = rows.put(order.id(), order);
    if (before != null
        && before.status() != order.status()
        && !before.status().mayBecome(order.status())) {
      world.accuse(order.id() + " went from " + before.status() + " to " + order.status());
    }
    events.computeIfAbsent(order.id(), id -> new ArrayList<>()).addAll(move.events());
    if (world.isTelling()) {
      world.tell(
          "orders: "
              + order.id()
              + " is "
              + order.status()
              + order.progress().duty().map(duty -> ", owes " + duty.kind()).orElse("")
              + " "
              + move.events().stream().map(OrderEvent::event).toList());
    }
  }

  private Order current(String orderId) {
    Order there = believed.get(orderId);
    there = there == null ? rows.get(orderId) : there;
    if (there == null) {
      throw OrderRepository.notFound(orderId);
    }
    return there;
  }

  @Override
  public Future<Order> get(String orderId) {
    return world.store(
        node, "read", () -> Future.<Void>succeededFuture().map(go -> current(orderId)));
  }

  @Override
  public Future<List<Order>> neglected(Instant now, int limit) {
    return Future.succeededFuture(
        rows.values().stream()
            .filter(order -> !order.needsAttention())
            .filter(
                order -> order.progress().duty().filter(d -> !d.from().isAfter(now)).isPresent())
            .limit(limit)
            .toList());
  }

  @Override
  public Future<List<Order>> unfinished(String after, int limit) {
    return world.store(
        node,
        "read",
        () ->
            Future.succeededFuture(
                rows.values().stream()
                    .filter(order -> order.id().compareTo(after) > 0 && order.isUnderWay())
                    .limit(limit)
                    .toList()));
  }
}
