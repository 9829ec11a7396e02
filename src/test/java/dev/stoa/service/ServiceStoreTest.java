package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.persistence.DatabaseConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(VertxExtension.class)
class ServiceStoreTest {

  @Test
  void aServiceThatCannotServeLeavesNothingOpen(
      Vertx vertx, VertxTestContext test, @TempDir Path directory) {
    List<ServiceStore> opened = new ArrayList<>();
    RuntimeException taken = new IllegalStateException("the port is taken");

    Future<ServiceStore> store =
        ServiceStore.open(
            vertx,
            new DatabaseConfig(directory),
            "test-service",
            there -> {
              opened.add(there);
              assertTrue(there.leases().held());
              throw taken;
            });

    store
        .transform(done -> Future.succeededFuture(done.cause()))
        .onComplete(test.succeeding(failure -> test.verify(() -> assertSame(taken, failure))))
        .compose(failure -> opened.get(0).database().ping())
        .onComplete(
            test.failing(
                closed ->
                    test.verify(
                        () -> {
                          assertFalse(opened.get(0).leases().held());
                          test.completeNow();
                        })));
  }
}
