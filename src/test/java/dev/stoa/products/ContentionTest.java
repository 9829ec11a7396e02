package dev.stoa.products;

import static dev.stoa.shop.Shop.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stoa.orders.OrdersVerticle;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.persistence.TestPostgres;
import dev.stoa.problem.ProblemException;
import dev.stoa.products.Reservation.Item;
import dev.stoa.service.Transport;
import dev.stoa.service.Uuid7;
import dev.stoa.shop.Shop;
import dev.stoa.shop.Shop.Person;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three shops at one PostgreSQL, and everybody at once: all get a definite answer, nobody is told
 * that too many others are there, and the books of stock add up.
 */
class ContentionTest {
  private static final int NODES = 3;
  private static final int REQUESTS = 120;
  private static final int CLIENTS = 40;

  private static TestPostgres server;
  private static final List<Shop> SHOPS = new ArrayList<>();
  private static final List<Database> DATABASES = new ArrayList<>();
  private static Person customer;

  @BeforeAll
  static void open() {
    server = TestPostgres.start();
    DatabaseConfig config = new DatabaseConfig(Path.of("unused"), Optional.of(server.address()));
    for (int i = 0; i < NODES; i++) {
      Shop shop = new Shop(config, Transport.HTTP, Duration.ofSeconds(60));
      SHOPS.add(shop);
      DATABASES.add(await(Database.open(shop.vertx(), config, ProductsVerticle.SERVICE)));
    }
    customer = SHOPS.get(0).customer();
  }

  @AfterAll
  static void close() {
    DATABASES.forEach(database -> await(database.close()));
    SHOPS.forEach(Shop::close);
    server.close();
  }

  @Test
  void ofOneProductThatAllWantAsMuchIsSoldAsThereIs() {
    long stock = REQUESTS - 40;
    String product = SHOPS.get(0).product("9.99", stock);

    Map<Integer, Long> answers = answers(i -> orderAndPay(i, Shop.basket(product, 1)));

    assertEquals(Map.of(201, stock, 409, REQUESTS - stock), answers);
    assertEquals(0, SHOPS.get(1).stock(product));
    assertBooksAddUp();
  }

  @Test
  void ordersOfManyProductsDoNotHinderEachOther() {
    List<String> products =
        IntStream.range(0, 20).mapToObj(i -> SHOPS.get(0).product("1.50", 1_000)).toList();
    Random random = new Random(7);
    List<JsonObject> baskets =
        IntStream.range(0, REQUESTS).mapToObj(i -> basketOfTwo(products, random)).toList();

    Map<Integer, Long> answers = answers(i -> orderAndPay(i, baskets.get(i)));

    assertEquals(Map.of(201, (long) REQUESTS), answers);
    assertEquals(20 * 1_000 - 3 * REQUESTS, products.stream().mapToLong(SHOPS.get(2)::stock).sum());
    assertBooksAddUp();
  }

  // In any order, of which stock must be taken in one.
  private static JsonObject basketOfTwo(List<String> products, Random random) {
    int one = random.nextInt(products.size());
    int other = (one + 1 + random.nextInt(products.size() - 1)) % products.size();
    return Shop.basket(products.get(one), 2, products.get(other), 1);
  }

  @Test
  void theStepsOfAnOrderHappenOneAfterTheOtherWhereverTheyAreTaken() {
    String product = SHOPS.get(0).product("5", REQUESTS);
    Uuid7 ids = new Uuid7(InstantSource.system());
    List<String> orders = IntStream.range(0, REQUESTS / 8).mapToObj(i -> ids.next()).toList();

    Map<Integer, Long> answers = answers(i -> step(i, orders.get(i / 8), product));

    assertEquals(REQUESTS, answers.values().stream().mapToLong(count -> count).sum());
    assertEquals(Set.of(), without(answers.keySet(), Set.of(200, 404, 409)));
    assertBooksAddUp();
  }

  private static Set<Integer> without(Set<Integer> all, Set<Integer> known) {
    return all.stream().filter(status -> !known.contains(status)).collect(Collectors.toSet());
  }

  /** Of eight for the same order: reserve it, sell it, give it up, let it lapse, and once more. */
  private static Future<Integer> step(int i, String order, String product) {
    boolean late = i % 4 == 3;
    InstantSource clock =
        InstantSource.offset(InstantSource.system(), Duration.ofMinutes(late ? 2 : 0));
    Reservations reservations =
        new Reservations(new ReservationRepository(DATABASES.get(i % NODES), clock), clock);
    Future<?> done =
        switch (i % 4) {
          case 0 ->
              reservations.reserve(order, List.of(new Item(product, 1)), Duration.ofMinutes(1));
          case 1 -> reservations.commit(order);
          case 2 -> reservations.release(order);
          default -> reservations.expire(3);
        };
    return done.map(200)
        .otherwise(
            failure -> failure instanceof ProblemException problem ? problem.type().status() : 500);
  }

  private static void assertBooksAddUp() {
    List<StockAudit.Books> books = await(new StockAudit(DATABASES.get(0)).page("", 100));
    assertEquals(
        List.of(), books.stream().map(StockAudit.Books::fault).filter(f -> f != null).toList());
  }

  private static Future<Integer> orderAndPay(int i, JsonObject basket) {
    return SHOPS
        .get(i % NODES)
        .send(HttpMethod.POST, OrdersVerticle.SERVICE, "/orders", customer, basket)
        .compose(
            order ->
                order.statusCode() == 201
                    ? SHOPS.get((i + 1) % NODES).payLater(customer, order.bodyAsJsonObject())
                    : Future.succeededFuture(order))
        .map(HttpResponse::statusCode);
  }

  /** How often each status was answered. */
  private static Map<Integer, Long> answers(IntFunction<Future<Integer>> request) {
    Queue<Integer> statuses = new ConcurrentLinkedQueue<>();
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      clients.add(ask(next, request, statuses));
    }
    await(Future.join(clients));
    return statuses.stream()
        .collect(Collectors.groupingBy(status -> status, TreeMap::new, Collectors.counting()));
  }

  private static Future<?> ask(
      AtomicInteger next, IntFunction<Future<Integer>> request, Queue<Integer> statuses) {
    int mine = next.getAndIncrement();
    return mine >= REQUESTS
        ? Future.succeededFuture()
        : request
            .apply(mine)
            .compose(
                status -> {
                  statuses.add(status);
                  return ask(next, request, statuses);
                });
  }
}
