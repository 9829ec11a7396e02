package dev.stoa.payments;

import dev.stoa.config.Live;
import dev.stoa.idempotency.IdempotencyStore;
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
import dev.stoa.service.Sweep;
import dev.stoa.service.Uuid7;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;

/** payment-service: its database, its provider, its operations, its sweep. */
public final class PaymentsVerticle extends VerticleBase {
  public static final String SERVICE = "payment-service";
  public static final int DEFAULT_PORT = 8084;

  private static final String SIMULATED_PROVIDER = "payment-provider";

  private final Chassis chassis;
  private final ServiceConfig service;
  private final DatabaseConfig databases;
  private final Live<PaymentsConfig> config;
  private final InstantSource clock = InstantSource.system();
  private Database database;
  private Database providerLedger;
  private Leases leases;
  private Outbox outbox;
  private Periodic telling;
  private Periodic sweep;
  private OutboxGauges backlog;
  private ServiceEndpoint endpoint;

  /**
   * One instance of the service.
   *
   * @param service where it listens; named {@value #SERVICE}
   */
  public PaymentsVerticle(
      Chassis chassis,
      ServiceConfig service,
      DatabaseConfig databases,
      Live<PaymentsConfig> config) {
    this.chassis = chassis;
    this.service = service;
    this.databases = databases;
    this.config = config;
  }

  @Override
  public Future<?> start() {
    return Database.open(vertx, databases, SERVICE, IdempotencyStore.TABLES, Leases.TABLES)
        .onSuccess(opened -> database = opened)
        .compose(opened -> Leases.open(vertx, opened, SERVICE, databases.lease()))
        .onSuccess(joined -> leases = joined)
        .compose(opened -> provider())
        .compose(this::serve)
        .recover(failure -> close().transform(closed -> Future.failedFuture(failure)));
  }

  private Future<PaymentProvider> provider() {
    return switch (config.get().provider()) {
      case SIMULATED ->
          Database.open(vertx, databases, SIMULATED_PROVIDER)
              .onSuccess(opened -> providerLedger = opened)
              .map(opened -> new SimulatedProvider(opened, config));
    };
  }

  private Future<Void> serve(PaymentProvider provider) {
    outbox = new Outbox(vertx, database, "stoa.events.payments", leases);
    PaymentEvents events = new PaymentEvents(outbox);
    Uuid7 ids = new Uuid7(clock);
    PaymentRepository payments = new PaymentRepository(database, events, leases.self());
    RefundRepository refunds = new RefundRepository(database, events, leases.self());
    OrdersClient orders = new OrdersClient(chassis.client());
    ConcludePayment concludePayment = new ConcludePayment(payments, provider, orders, clock);
    GiveBack giveBack = new GiveBack(refunds, provider, clock);
    Operations operations =
        new PaymentOperations(
                payments,
                new PayOrder(payments, orders, concludePayment, clock),
                new RefundPayment(payments, orders, giveBack),
                new RefundOrder(payments, refunds, concludePayment, giveBack))
            .table();
    Sweep<Payment> left = PaymentSweep.of(payments, concludePayment, giveBack, clock, ids::next);
    return ServiceEndpoint.start(vertx, chassis, service, operations, database, leases)
        .onSuccess(started -> endpoint = started)
        .onSuccess(
            started -> {
              telling = outbox.start();
              backlog = OutboxGauges.start(vertx, database, SERVICE, chassis.telemetry().metrics());
              sweep = left.start(vertx, leases, () -> config.get().sweepInterval());
            })
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    return endpoint
        .stop()
        .eventually(sweep::stop)
        .eventually(telling::stop)
        .eventually(backlog::stop)
        .eventually(this::close);
  }

  private Future<Void> close() {
    Future<Void> left = leases == null ? Future.succeededFuture() : leases.close();
    return left.eventually(() -> close(providerLedger)).eventually(() -> close(database));
  }

  private static Future<Void> close(Database opened) {
    return opened == null ? Future.succeededFuture() : opened.close();
  }
}
