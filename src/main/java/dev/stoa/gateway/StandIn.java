package dev.stoa.gateway;

import io.vertx.core.http.HttpServerResponse;

/** An answer that is given in the place of an upstream's. */
@FunctionalInterface
interface StandIn {
  void write(HttpServerResponse response);
}
