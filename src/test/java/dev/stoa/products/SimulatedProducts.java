package dev.stoa.products;

import dev.stoa.products.Reservation.Item;
import dev.stoa.products.Reservation.Status;
import dev.stoa.sim.Mutation;
import dev.stoa.sim.Node;
import dev.stoa.sim.World;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Product-service in a simulated world: the real reservations over books in memory. */
public final class SimulatedProducts implements ReservationBooks {
  private record Accounts(long received, long available, long reserved, long sold) {}

  private final World world;
  private final Node node;
  private final Mutation mutation;
  private final Consumer<String> onExpiry;
  private Map<String, Accounts> stock = new TreeMap<>();
  private Map<String, Reservation> reservations = new HashMap<>();
  private Reservations real;
  // What is being asked for, so that mutations know where they are.
  private String asked = "";

  public SimulatedProducts(
      World world,
      Node node,
      Mutation mutation,
      Map<String, Long> received,
      Consumer<String> onExpiry) {
    this.world = world;
    this.node = node;
    this.mutation = mutation;
    this.onExpiry = onExpiry;
    received.forEach((id, count) -> stock.put(id, new Accounts(count, count, 0, 0)));
    start();
  }

  /** The service starts, or starts again. */
  public void start() {
    real = new Reservations(this, world);
    world.every(node, 5_000, () -> real.expire(100));
  }

  public Future<Void> reserve(String orderId, Map<String, Long> items, Duration hold) {
    List<Item> wanted =
        items.entrySet().stream().map(e -> new Item(e.getKey(), e.getValue())).toList();
    asked = "reserve";
    return real.reserve(orderId, wanted, hold).mapEmpty();
  }

  public Future<Void> commit(String orderId) {
    asked = "commit";
    return real.commit(orderId).mapEmpty();
  }

  public Future<Void> release(String orderId) {
    asked = "release";
    return real.release(orderId).mapEmpty();
  }

  /** {@code none} where there is no reservation. */
  public String status(String orderId) {
    return Optional.ofNullable(reservations.get(orderId))
        .map(reservation -> reservation.status().text())
        .orElse("none");
  }

  public Map<String, Long> items(String orderId) {
    return reservations.get(orderId).items().stream()
        .collect(Collectors.toMap(Item::productId, Item::quantity));
  }

  /** Looks whether the books of stock add up. */
  public void audit() {
    stock.forEach(
        (product, accounts) -> {
          if (accounts.received() != accounts.available() + accounts.reserved() + accounts.sold()
              || accounts.available() < 0
              || accounts.reserved() != taken(product, Status.HELD)
              || accounts.sold() != taken(product, Status.COMMITTED)) {
            world.accuse(product + " does not add up: " + accounts + " " + reservations.values());
          }
        });
  }

  private long taken(String product, Status status) {
    long sum = 0;
    for (Reservation reservation : reservations.values()) {
      if (reservation.status() == status) {
        for (Item item : reservation.items()) {
          sum += item.productId().equals(product) ? item.quantity() : 0;
        }
      }
    }
    return sum;
  }

  @Override
  public <T> Future<T> transaction(Function<Page, Future<T>> work) {
    String operation = asked;
    asked = "";
    return world.store(
        node,
        "stock",
        () -> {
          Map<String, Accounts> stockBefore = new TreeMap<>(stock);
          Map<String, Reservation> reservationsBefore = new HashMap<>(reservations);
          Future<T> done =
              Future.<Void>succeededFuture().compose(go -> work.apply(new Memory(operation)));
          if (done.failed()) {
            stock = stockBefore;
            reservations = reservationsBefore;
          }
          audit();
          return done;
        });
  }

  @Override
  public Future<List<String>> lapsed(Instant now, int limit) {
    List<String> lapsed = new ArrayList<>();
    reservations.values().stream()
        .filter(reservation -> reservation.hasLapsed(now))
        .map(Reservation::orderId)
        .sorted()
        .forEach(lapsed::add);
    return Future.succeededFuture(lapsed);
  }

  private final class Memory implements Page {
    private final String operation;

    Memory(String operation) {
      this.operation = operation;
    }

    @Override
    public Future<Optional<Reservation>> find(String orderId) {
      Optional<Reservation> found = Optional.ofNullable(reservations.get(orderId));
      boolean lie =
          mutation == Mutation.COMMIT_TWICE && operation.equals("commit")
              || mutation == Mutation.RELEASE_UNCHECKED && operation.equals("release");
      return Future.succeededFuture(lie ? found.map(r -> r.become(Status.HELD)) : found);
    }

    @Override
    public Future<Boolean> open(Reservation reservation) {
      boolean again = mutation == Mutation.RESERVE_AGAIN && operation.equals("reserve");
      if (reservations.containsKey(reservation.orderId()) && !again) {
        return Future.succeededFuture(false);
      }
      boolean tombstone =
          reservation.status() == Status.RELEASED || reservation.status() == Status.REFUSED;
      if (!tombstone || mutation != Mutation.NO_TOMBSTONE) {
        reservations.put(reservation.orderId(), reservation);
      }
      return Future.succeededFuture(true);
    }

    @Override
    public Future<Reservation> list(Reservation reservation) {
      return Future.succeededFuture(reservation);
    }

    @Override
    public Future<Reservation> mark(Reservation reservation) {
      if (reservation.status() == Status.EXPIRED) {
        onExpiry.accept(reservation.orderId());
      }
      world.tell("products: " + reservation.orderId() + " is " + reservation.status());
      reservations.put(reservation.orderId(), reservation);
      return Future.succeededFuture(reservation);
    }

    @Override
    public Future<Boolean> move(Movement kind, Item item, String orderId) {
      Accounts before = stock.get(item.productId());
      long quantity = item.quantity();
      Accounts after =
          new Accounts(
              before.received() + kind.received(quantity),
              before.available() + kind.available(quantity),
              before.reserved() + kind.reserved(quantity),
              before.sold() + kind.sold(quantity));
      boolean possible = after.available() >= 0 && after.reserved() >= 0 && after.sold() >= 0;
      if (possible) {
        stock.put(item.productId(), after);
      }
      return Future.succeededFuture(possible);
    }

    @Override
    public Future<Optional<Long>> left(String productId) {
      return Future.succeededFuture(Optional.of(stock.get(productId).available()));
    }
  }
}
