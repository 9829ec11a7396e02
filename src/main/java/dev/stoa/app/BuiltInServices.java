package dev.stoa.app;

import dev.stoa.config.Live;
import dev.stoa.observability.Metrics;
import dev.stoa.orders.OrdersVerticle;
import dev.stoa.payments.PaymentsVerticle;
import dev.stoa.persistence.DatabaseConfig;
import dev.stoa.products.ProductsVerticle;
import dev.stoa.service.Chassis;
import dev.stoa.service.ServiceConfig;
import dev.stoa.users.AdminPolicy;
import dev.stoa.users.UsersVerticle;
import io.vertx.core.VerticleBase;

/** Makes the services that come with Stoa, each as it is configured when it starts. */
final class BuiltInServices {
  private final Chassis chassis;
  private final Live<StoaConfig> live;
  private final AdminPolicy admins;
  private final Metrics metrics;

  BuiltInServices(Chassis chassis, Live<StoaConfig> live, AdminPolicy admins, Metrics metrics) {
    this.chassis = chassis;
    this.live = live;
    this.admins = admins;
    this.metrics = metrics;
  }

  /** The service of a role that {@linkplain Role#service runs one}. */
  VerticleBase verticle(Role role) {
    ServiceConfig service = live.get().services().get(role.service().orElseThrow());
    DatabaseConfig databases = live.get().database();
    return switch (role) {
      case USERS ->
          new UsersVerticle(chassis, service, databases, live.map(StoaConfig::users), admins);
      case PRODUCTS ->
          new ProductsVerticle(chassis, service, databases, live.map(StoaConfig::products));
      case ORDERS ->
          new OrdersVerticle(
              chassis,
              service,
              databases,
              live.map(StoaConfig::orders),
              new InvariantGauges(metrics)::set);
      case PAYMENTS ->
          new PaymentsVerticle(chassis, service, databases, live.map(StoaConfig::payments));
      case GATEWAY, CONSOLE -> throw new IllegalArgumentException(role + " is no service");
    };
  }
}
