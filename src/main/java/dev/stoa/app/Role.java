package dev.stoa.app;

import dev.stoa.orders.OrdersVerticle;
import dev.stoa.payments.PaymentsVerticle;
import dev.stoa.products.ProductsVerticle;
import dev.stoa.users.UsersVerticle;
import java.util.Locale;
import java.util.Optional;

/** What a process may take on; a single jar takes all of them. */
enum Role {
  GATEWAY(null),
  USERS(UsersVerticle.SERVICE),
  PRODUCTS(ProductsVerticle.SERVICE),
  ORDERS(OrdersVerticle.SERVICE),
  PAYMENTS(PaymentsVerticle.SERVICE),
  /** A page on the gateway's port. */
  CONSOLE(null);

  private final String service;

  Role(String service) {
    this.service = service;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The name of the service that it runs; the gateway and the console run none. */
  Optional<String> service() {
    return Optional.ofNullable(service);
  }
}
