package dev.stoa.persistence;

import io.vertx.core.internal.VertxBootstrap;
import io.vertx.core.spi.VertxServiceProvider;

/**
 * Makes the place for {@link WorkDeadline} in every context; found by Vert.x, which wants to know
 * before it starts.
 */
public final class WorkDeadlineRegistration implements VertxServiceProvider {
  @Override
  public void init(VertxBootstrap builder) {
    WorkDeadline.LOCAL.hashCode(); // loads the class, which registers
  }
}
