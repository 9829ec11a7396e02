package dev.stoa.e2e;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;

/** One process, embedded databases, HTTP between the services: what is there by default. */
class SingleJarIT extends ApiContract {
  private RunningShop running;

  @Override
  TestedShop open(Vertx vertx, Path home, String routes, MailUpstream upstream) {
    StoaSetup setup =
        configured(patient(StoaSetup.in(home)))
            .file("routes.yaml", routes)
            .file("config.yaml", successRate(1));
    running = RunningShop.open(vertx, setup);
    return new TestedShop(
        List.of(setup), List.of(running.shop()), running.shop(), running.admin(), upstream);
  }

  /** What is not as by default. */
  StoaSetup configured(StoaSetup setup) {
    return setup;
  }

  @Override
  void end() {
    if (running != null) {
      running.close();
    }
  }
}
