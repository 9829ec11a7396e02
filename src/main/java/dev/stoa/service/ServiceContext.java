package dev.stoa.service;

import dev.stoa.persistence.Database;
import io.vertx.core.Vertx;
import java.time.InstantSource;

/**
 * What a {@link ServiceModule} works with; closed by the chassis.
 *
 * @param database its own, migrated
 * @param client calls other services, over the transport that is configured for each
 */
public record ServiceContext(
    Vertx vertx, Database database, ServiceClient client, InstantSource clock) {}
