package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What the services do a second behind the gateway of the single jar, by the way in which they call
 * each other, beside what their parts can do by themselves: {@code mvn -B -Pbench verify
 * -Dit.test=ServicesBench}. All sides run at once and are asked in turn; a figure is the median of
 * the rounds. {@code -Dbench.before=…} adds a jar of earlier as a side, {@code -Dbench.scale=0.2}
 * makes it quick, {@code -Dbench.record=true} makes it what later runs are compared with.
 */
@ExtendWith(VertxExtension.class)
class ServicesBench {
  private static final int ROUNDS = Integer.parseInt(System.getProperty("bench.rounds", "5"));
  private static final double SCALE = Double.parseDouble(System.getProperty("bench.scale", "1"));
  private static final String ALL_TRANSPORTS = "http,event-bus";
  private static final List<String> TRANSPORTS =
      List.of(System.getProperty("bench.transports", ALL_TRANSPORTS).split(","));
  private static final String BEFORE = System.getProperty("bench.before", "");
  private static final boolean RECORDS = Boolean.getBoolean("bench.record");
  private static final int LEAST_ROUNDS = 3;
  private static final Path RECORD = Path.of("src/test/bench/results/services.json");
  private static final String[] JVM = System.getProperty("bench.jvm", "-Xshare:auto").split(" ");
  private static final long IDLE_SECONDS = 3;
  private static final int IDLE_LOOKS = 5;
  private static final int WARMING_CLIENTS = 8;
  private static final int WARMING = 5;

  /** What is measured, by how many clients, how often in a round. */
  private enum Work {
    PRODUCT("GET a product", 32, 12_000),
    PAGE("GET 20 products", 32, 4_000),
    ORDER("order and pay", 32, 2_000),
    ORDER_ALONE("order and pay, alone", 1, 150),
    LOGIN("log in", 4, 60);

    private final String text;
    private final int clients;
    private final int times;

    Work(String text, int clients, int times) {
      this.text = text;
      this.clients = clients;
      this.times = Math.max(clients, (int) (times * SCALE));
    }
  }

  private static final List<Work> WORK =
      Arrays.stream(Work.values())
          .filter(work -> work.name().matches(System.getProperty("bench.work", ".*")))
          .toList();

  /** One running jar and a customer who has a look at what it sells. */
  private record Side(String name, RunningShop running, WholeOrders orders, Caller customer) {
    static Side open(Vertx vertx, String name, StoaSetup setup, String transport) {
      setup.set("payments.success_rate", 1).jvm("-Xmx512m").jvm(JVM);
      for (String service : List.of("user", "product", "order", "payment")) {
        setup.set("services." + service + "-service.transport", transport);
      }
      RunningShop running = RunningShop.open(vertx, setup);
      WholeOrders orders = new WholeOrders(running.shop(), running.admin(), 1);
      return new Side(name, running, orders, running.shop().customer());
    }

    private Duration cpu() {
      return ClosedLoop.cpu(running.process().pid());
    }

    private ClosedLoop loop(Work work) {
      return new ClosedLoop(running.process().pid(), work.clients, i -> once(work, i));
    }

    private Future<?> once(Work work, int i) {
      return switch (work) {
        case PRODUCT -> get("/api/products/" + orders.product(i));
        case PAGE -> get("/api/products?limit=20");
        case ORDER, ORDER_ALONE -> orders.buy(i);
        case LOGIN -> logIn();
      };
    }

    private Future<?> get(String target) {
      return Shop.answer(customer.request(HttpMethod.GET, target), HttpMethod.GET, target, null)
          .map(answer -> answer.expect(200));
    }

    private Future<?> logIn() {
      JsonObject pair = Shop.credentials(customer.username(), customer.password());
      String target = "/api/auth/login";
      return Shop.answer(
              running
                  .shop()
                  .request(HttpMethod.POST, target)
                  .putHeader("Content-Type", "application/json"),
              HttpMethod.POST,
              target,
              pair.toBuffer())
          .map(answer -> answer.expect(200));
    }
  }

  @Test
  void perSecond(Vertx vertx) throws Exception {
    checkWhatIsAsked();
    BenchTable table = new BenchTable(ROUNDS, RECORD);
    Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench");
    List<Side> sides = new ArrayList<>();
    try {
      open(vertx, home, sides);
      table.raw(RawFigures.measure(vertx, home));
      for (Side side : sides) {
        warmUp(vertx, side);
      }
      for (int round = 0; round < ROUNDS; round++) {
        for (Work work : WORK) {
          for (int i = 0; i < sides.size(); i++) {
            Side side = sides.get((i + round) % sides.size());
            table.add(work.text, side.name(), side.loop(work).run(vertx, work.times));
          }
        }
      }
      for (int look = 0; look < IDLE_LOOKS; look++) {
        beIdle(sides, table);
      }
      table.print();
      if (RECORDS) {
        table.write();
      }
      sides.forEach(side -> assertEquals(side.orders().bought(), side.orders().sold()));
    } finally {
      sides.forEach(side -> side.running().close());
    }
  }

  /** Before it takes minutes. */
  private static void checkWhatIsAsked() {
    assertTrue(ROUNDS > 0, "-Dbench.rounds is to be 1 or more");
    assertTrue(SCALE > 0, "-Dbench.scale is to be more than 0");
    assertFalse(WORK.isEmpty(), "-Dbench.work fits none of " + Arrays.toString(Work.values()));
    for (String transport : TRANSPORTS) {
      assertTrue(
          List.of(ALL_TRANSPORTS.split(",")).contains(transport),
          "-Dbench.transports: " + transport + " is none of " + ALL_TRANSPORTS);
    }
    assertTrue(BEFORE.isEmpty() || Files.isRegularFile(Path.of(BEFORE)), "-Dbench.before: no " + BEFORE);
    boolean whole =
        WORK.size() == Work.values().length
            && TRANSPORTS.equals(List.of(ALL_TRANSPORTS.split(",")))
            && BEFORE.isEmpty()
            && SCALE >= 1
            && ROUNDS >= LEAST_ROUNDS;
    assertTrue(whole || !RECORDS, "-Dbench.record: only a run of everything becomes the record");
  }

  /** CPU microseconds a second while nobody asks for anything. */
  private static void beIdle(List<Side> sides, BenchTable table) throws InterruptedException {
    List<Duration> before = sides.stream().map(Side::cpu).toList();
    Thread.sleep(IDLE_SECONDS * 1_000);
    for (int i = 0; i < sides.size(); i++) {
      Duration spent = sides.get(i).cpu().minus(before.get(i));
      table.idle(sides.get(i).name(), spent.toNanos() / 1e3 / IDLE_SECONDS);
    }
  }

  private static void open(Vertx vertx, Path home, List<Side> sides) {
    if (!BEFORE.isEmpty()) {
      String at = Path.of(BEFORE).toAbsolutePath().toString();
      StoaSetup setup = StoaSetup.in(home.resolve("before")).as(List.of("-jar", at));
      sides.add(Side.open(vertx, "before", setup, "http"));
    }
    for (String transport : TRANSPORTS) {
      sides.add(
          Side.open(vertx, transport, StoaSetup.in(home.resolve(transport)), transport));
    }
  }

  private static void warmUp(Vertx vertx, Side side) {
    for (Work work : WORK) {
      if (work.clients > WARMING_CLIENTS) {
        side.loop(work).run(vertx, work.times * WARMING);
      }
    }
  }
}
