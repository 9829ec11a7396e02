package dev.stoa.e2e;

import io.vertx.core.Vertx;

/** A Stoa that runs while the tests of one class do, and its admin. */
record RunningShop(StoaSetup setup, StoaProcess process, Shop shop, Caller admin)
    implements AutoCloseable {

  static RunningShop open(Vertx vertx, StoaSetup setup) {
    StoaProcess process = setup.start();
    Shop shop = new Shop(vertx, setup.ports().gateway());
    try {
      return new RunningShop(setup, process, shop, shop.admin());
    } catch (AssertionError failure) {
      shop.close();
      process.kill();
      throw failure;
    }
  }

  /** Ends the process; fails if it does not end in order. */
  @Override
  public void close() {
    shop.close();
    process.close();
  }
}
