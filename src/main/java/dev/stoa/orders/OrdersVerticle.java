package dev.stoa.orders;

import dev.stoa.config.Live;
import dev.stoa.lease.Leases;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.Operations;
import dev.stoa.service.Outbox;
import dev.stoa.service.OutboxGauges;
import dev.stoa.service.Periodic;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceEndpoint;
import dev.stoa.service.ServiceStore;
import dev.stoa.service.Sweep;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;

/** order-service: its database, its operations, its sweep. */
public final class OrdersVerticle extends VerticleBase {
  public static final String SERVICE = "order-service";
  public static final int DEFAULT_PORT = 8083;

  private static final Duration COUNTING = Duration.ofSeconds(5);

  private final Chassis chassis;
  private final ServiceConfig service;
  private final DatabaseConfig databases;
  private final Live<OrdersConfig> config;
  private final Consumer<InvariantSnapshot> observer;
  private final InstantSource clock = InstantSource.system();
  private ServiceStore store;
  private Outbox outbox;
  private Periodic telling;
  private Periodic sweep;
  private Periodic checks;
  private Periodic counting;
  private SagaGauges sagas;
  private OutboxGauges backlog;
  private ServiceEndpoint endpoint;

  /**
   * One instance of the service.
   *
   * @param service where it listens; named {@value #SERVICE}
   */
  public OrdersVerticle(
      Chassis chassis, ServiceConfig service, DatabaseConfig databases, Live<OrdersConfig> config) {
    this(chassis, service, databases, config, snapshot -> {});
  }

  /**
   * The same, with somebody who hears what each check of the invariants found.
   *
   * @param observer called on the event loop of the service
   */
  public OrdersVerticle(
      Chassis chassis,
      ServiceConfig service,
      DatabaseConfig databases,
      Live<OrdersConfig> config,
      Consumer<InvariantSnapshot> observer) {
    this.observer = observer;
    this.chassis = chassis;
    this.service = service;
    this.databases = databases;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    return ServiceStore.open(vertx, databases, SERVICE, this::serve)
        .onSuccess(opened -> store = opened);
  }

  private Future<Void> serve(ServiceStore kept) {
    Database database = kept.database();
    Leases leases = kept.leases();
    outbox = new Outbox(vertx, database, "stoa.events.orders", leases);
    OrderRepository orders = new OrderRepository(database, outbox, leases.self());
    ProductsClient products = new ProductsClient(chassis.client());
    PaymentsClient payments = new PaymentsClient(chassis.client());
    OrderSaga saga = new OrderSaga(() -> config.get().saga());
    OrderFlow flow =
        new OrderFlow(
            orders,
            new WatchedSteps(vertx, new RemoteSteps(products, payments), chassis.telemetry()),
            saga,
            clock);
    PlaceOrder placeOrder =
        new PlaceOrder(new UsersClient(chassis.client()), products, flow, config, clock);
    Uuid7 ids = new Uuid7(clock);
    InvariantCheck invariants =
        new InvariantCheck(
            after ->
                new InvariantRound(orders, products, payments, clock, this::pause, ids.next())
                    .run(after),
            observer);
    Operations operations =
        new OrderOperations(orders, flow, placeOrder, new ChangeStatus(flow), invariants).table();
    sagas = new SagaGauges(database, chassis.telemetry().metrics().sagas());
    Sweep<Order> left = OrderSweep.of(orders, flow, clock, ids::next);
    return ServiceEndpoint.start(vertx, chassis, service, operations, kept)
        .onSuccess(started -> endpoint = started)
        .onSuccess(
            started -> {
              telling = outbox.start();
              backlog = OutboxGauges.start(vertx, database, SERVICE, chassis.telemetry().metrics());
              counting = Periodic.start(vertx, "count of sagas", () -> COUNTING, sagas::look);
              sweep = left.start(vertx, leases, () -> config.get().sweepInterval());
              checks =
                  Periodic.start(
                      vertx,
                      "check of the invariants",
                      () -> config.get().checkInterval(),
                      leases.whileHeld(invariants::runAll));
            })
        .mapEmpty();
  }

  private Future<Void> pause(Duration length) {
    return Future.future(
        promise -> vertx.setTimer(Math.max(1, length.toMillis()), id -> promise.complete()));
  }

  @Override
  public Future<?> stop() {
    return endpoint
        .stop()
        .eventually(sweep::stop)
        .eventually(checks::stop)
        .eventually(counting::stop)
        .eventually(backlog::stop)
        .onComplete(stopped -> sagas.close())
        .eventually(telling::stop)
        .eventually(store::close);
  }
}
