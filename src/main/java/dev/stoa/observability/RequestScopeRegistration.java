package dev.stoa.observability;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/**
 * Makes the place for {@link RequestScope} in every context; found by Vert.x, which wants to know
 * before it starts.
 */
public final class RequestScopeRegistration implements VertxServiceProvider {
  @Override
  public void init(VertxBootstrap builder) {
    RequestScope.LOCAL.hashCode(); // loads the class, which registers
  }
}
