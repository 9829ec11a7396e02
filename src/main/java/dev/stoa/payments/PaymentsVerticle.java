package dev.stoa.payments;

import dev.stoa.config.Live;
import dev.stoa.idempotency.IdempotencyStore;
import dev.stoa.persistence.Database;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.service.Chassis;
import dev.stoa.service.Operations;
import dev.stoa.service.Periodic;
import dev.stoa.service.ServiceConfig;
import dev.stoa.service.ServiceEndpoint;
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
  private Periodic sweep;
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
    return Database.open(vertx, databases, SERVICE, IdempotencyStore.TABLES)
        .onSuccess(opened -> database = opened)
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
    PaymentRepository payments = new PaymentRepository(database);
    OrdersClient orders = new OrdersClient(chassis.client());
    PayOrder payOrder = new PayOrder(payments, provider, orders, clock);
    GiveBack giveBack = new GiveBack(new RefundRepository(database), provider, clock);
    Operations operations =
        new PaymentOperations(
                payments,
                payOrder,
                new RefundPayment(payments, orders, giveBack),
                new RefundOrder(payments, payOrder, giveBack))
            .table();
    PaymentSweep round = new PaymentSweep(payments, payOrder, giveBack, clock);
    return ServiceEndpoint.start(vertx, chassis, service, operations, database)
        .onSuccess(started -> endpoint = started)
        .onSuccess(
            started ->
                sweep = Periodic.start(vertx, () -> config.get().sweepInterval(), round::run))
        .mapEmpty();
  }

  @Override
  public Future<?> stop() {
    return endpoint.stop().eventually(sweep::stop).eventually(this::close);
  }

  private Future<Void> close() {
    return close(providerLedger).eventually(() -> close(database));
  }

  private static Future<Void> close(Database opened) {
    return opened == null ? Future.succeededFuture() : opened.close();
  }
}
