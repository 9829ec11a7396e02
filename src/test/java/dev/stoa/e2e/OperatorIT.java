package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.e2e.StoaSetup.Outcome;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does at a terminal, with the packaged jar. */
@ExtendWith(VertxExtension.class)
class OperatorIT {
  @TempDir Path home;

  @Test
  void explainAsksTheRunningNodeAndDrainEndsIt(Vertx vertx) {
    StoaSetup setup = StoaSetup.in(home);
    String token;
    try (StoaProcess stoa = setup.start();
        Shop shop = new Shop(vertx, stoa.ports().gateway())) {
      token = shop.admin().token().orElseThrow();
      String url = "http://127.0.0.1:" + stoa.ports().gateway();

      Outcome refused = setup.command("explain", "GET", "/api/users", "--url", url, "--json");
      Outcome forwarded =
          setup.command("explain", "GET", "/api/users", "--url", url, "--token", token);

      assertEquals(3, refused.exit(), refused::toString);
      JsonObject explanation = new JsonObject(refused.out());
      assertTrue(explanation.getBoolean("live"), refused::toString);
      assertEquals(401, explanation.getJsonObject("refusal").getInteger("status"));
      assertEquals(0, forwarded.exit(), forwarded::toString);
      assertEquals("", forwarded.err());
      assertTrue(forwarded.out().contains("✓ authentication  as admin"), forwarded::toString);
      assertTrue(forwarded.out().contains("its turn is next"), forwarded::toString);
      assertFalse(forwarded.toString().contains(token), forwarded::toString);

      Outcome drained = setup.command("drain", "--url", url);

      assertEquals(0, drained.exit(), drained::toString);
      assertTrue(drained.out().contains("takes no requests any more"), drained::toString);
      assertEquals(0, stoa.awaitExit());
      assertTrue(stoa.output().contains("/health/ready says 503"), stoa::output);
      assertTrue(stoa.output().contains("what was under way is answered"), stoa::output);
    }

    Outcome alone = setup.command("explain", "GET", "/api/users", "--token", token);

    assertEquals(0, alone.exit(), alone::toString);
    assertTrue(alone.out().contains("By the configuration alone"), alone::toString);
    assertTrue(alone.err().contains("cannot be reached"), alone::toString);
    assertEquals(64, setup.command("explain", "GET", "/x", "--client", "nobody").exit());
    assertEquals(1, setup.command("drain").exit());
  }
}
