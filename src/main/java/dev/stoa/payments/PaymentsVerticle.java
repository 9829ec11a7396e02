package dev.stoa.payments;

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
  private ServiceStore store;
  private Database providerLedger;
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
    return ServiceStore.open(vertx, databases, SERVICE, this::serve)
        .onSuccess(opened -> store = opened);
  }

  private Future<Void> serve(ServiceStore kept) {
    return provider()
        .compose(provider -> serve(kept, provider))
        .recover(failure -> closeLedger().transform(closed -> Future.failedFuture(failure)));
  }

  private Future<PaymentProvider> provider() {
    return switch (config.get().provider()) {
      case SIMULATED ->
          Database.open(vertx, databases, SIMULATED_PROVIDER)
              .onSuccess(opened -> providerLedger = opened)
              .map(opened -> new SimulatedProvider(opened, config));
    };
  }

  private Future<Void> serve(ServiceStore kept, PaymentProvider provider) {
    Database database = kept.database();
    Leases leases = kept.leases();
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
    return ServiceEndpoint.start(vertx, chassis, service, operations, kept)
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
        .eventually(this::closeLedger)
        .eventually(store::close);
  }

  private Future<Void> closeLedger() {
    return providerLedger == null ? Future.succeededFuture() : providerLedger.close();
  }
}
