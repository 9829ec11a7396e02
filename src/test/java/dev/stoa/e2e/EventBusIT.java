package dev.stoa.e2e;

import java.util.List;

/** The services call each other over the event bus instead of HTTP, and nobody notices. */
class EventBusIT extends SingleJarIT {
  private static final List<String> SERVICES =
      List.of("user-service", "product-service", "order-service", "payment-service");

  @Override
  StoaSetup configured(StoaSetup setup) {
    SERVICES.forEach(name -> setup.set("services." + name + ".transport", "event-bus"));
    return setup;
  }
}
