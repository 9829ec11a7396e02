package dev.stoa.orders;

import io.vertx.core.Future;

/** The steps, as calls of product-service and payment-service. */
record RemoteSteps(ProductsClient products, PaymentsClient payments) implements SagaSteps {

  @Override
  public Future<Void> take(Duty.Kind step, Order order, String key, String requestId) {
    return switch (step) {
      case RESERVE -> products.reserve(order, requestId);
      case COMMIT -> products.commit(order.id(), requestId);
      case RELEASE -> products.release(order.id(), requestId);
      case REFUND -> payments.refund(order.id(), key, requestId);
      case EXPIRE -> throw new IllegalArgumentException("no step: " + step);
    };
  }
}
