package dev.stoa.discovery;

import io.vertx.core.Future;
import java.time.Duration;

/** A way to read what Consul lists. For one context. */
interface ConsulImport {
  void open(Directory.Reports reports);

  void askAgain();

  Duration confirmAfter();

  Future<Void> close();
}
