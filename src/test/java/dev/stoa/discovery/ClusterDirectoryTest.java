package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Members that share the bus of one Vert.x; {@code DiscoveryIT} has them in processes apart. */
class ClusterDirectoryTest {
  private static final Duration BEAT = Duration.ofMillis(100);

  private final Vertx vertx = Vertx.vertx();
  private final List<Member> members = new ArrayList<>();

  /** A directory on a context of its own, and what it has reported. */
  private final class Member implements Directory.Reports {
    private final io.vertx.core.Context context = vertx.getOrCreateContext();
    private final ClusterDirectory directory = new ClusterDirectory(vertx, BEAT);
    private final List<Set<ServiceInstance>> readings = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    Member() {
      members.add(this);
    }

    Member open() {
      context.runOnContext(go -> directory.open(this));
      return this;
    }

    void on(Supplier<Future<Void>> work) {
      Waiting.on(Future.future(done -> context.runOnContext(go -> work.get().onComplete(done))));
    }

    void announce(ServiceInstance instance) {
      on(() -> directory.announce(instance));
    }

    void awaitListed(ServiceInstance... instances) {
      Waiting.until(() -> readings, () -> listed().equals(Set.of(instances)));
    }

    Set<ServiceInstance> listed() {
      return readings.isEmpty() ? Set.of() : readings.get(readings.size() - 1);
    }

    @Override
    public void read(Directory.Reading reading) {
      readings.add(reading.instances().stream().collect(Collectors.toSet()));
    }

    @Override
    public void away(Throwable cause) {
      failures.add(cause);
    }

    @Override
    public void restarted() {
      throw new AssertionError("there is nothing that could be forgotten");
    }
  }

  @AfterEach
  void close() {
    members.forEach(member -> member.on(member.directory::close));
    Waiting.on(vertx.close());
  }

  @Test
  void everybodyLearnsWhatRunsAnywhere() {
    ServiceInstance plain = ServiceInstance.of("user-service", "127.0.0.1", 1);
    ServiceInstance rich =
        ServiceInstance.of("product-service", "127.0.0.1", 2)
            .withWeight(3)
            .withZone("a")
            .withTags(Set.of("canary"));
    Member one = new Member().open();
    one.announce(plain);
    Member two = new Member();
    two.announce(rich);
    two.open();

    one.awaitListed(plain, rich);
    two.awaitListed(plain, rich);

    // Nothing is missing from the first list of one who comes later.
    Member late = new Member().open();
    Waiting.until(() -> "a first reading", () -> !late.readings.isEmpty());
    assertEquals(Set.of(plain, rich), late.readings.get(0));
  }

  @Test
  void whatIsWithdrawnIsGone() {
    ServiceInstance first = ServiceInstance.of("user-service", "127.0.0.1", 1);
    ServiceInstance second = ServiceInstance.of("user-service", "127.0.0.1", 2);
    Member one = new Member().open();
    Member two = new Member().open();
    two.announce(first);
    two.announce(second);
    one.awaitListed(first, second);

    two.on(() -> two.directory.withdraw(first));

    one.awaitListed(second);
  }

  @Test
  void whoIsSilentIsGoneAndMayComeBackAsSomethingElse() {
    ServiceInstance before = ServiceInstance.of("user-service", "127.0.0.1", 1);
    Member one = new Member().open();
    Member two = new Member().open();
    two.announce(before);
    one.awaitListed(before);
    two.on(two.directory::close);
    one.awaitListed();

    two.announce(before.withWeight(7));
    Member again = new Member().open();
    again.announce(before.withWeight(5));

    one.awaitListed(before.withWeight(5));
    assertTrue(one.failures.isEmpty(), one.failures::toString);
  }

  @Test
  void whoDoesNotHearItselfBelievesNobodyGone() {
    ServiceInstance there = ServiceInstance.of("user-service", "127.0.0.1", 1);
    Member one = new Member().open();
    Member two = new Member().open();
    two.announce(there);
    one.awaitListed(there);
    int readings = one.readings.size();

    // A bus that delivers nothing any more, to anybody.
    vertx
        .eventBus()
        .addInboundInterceptor(
            delivery -> {
              if (!delivery.message().address().equals("stoa.discovery")) {
                delivery.next();
              }
            });
    Waiting.until(() -> one.failures, () -> !one.failures.isEmpty());

    assertEquals(readings, one.readings.size());
    assertEquals(Set.of(there), one.listed());
  }

  @Test
  void nonsenseIsLeftOut() {
    ServiceInstance there = ServiceInstance.of("user-service", "127.0.0.1", 1);
    Member one = new Member().open();
    Waiting.until(() -> "a first reading", () -> !one.readings.isEmpty());
    JsonObject noPort = InstanceJson.write(there).put("port", 0);
    for (Object nonsense :
        List.of(
            "text",
            new JsonObject(),
            new JsonObject()
                .put("member", "x")
                .put("asking", false)
                .put("instances", new JsonArray().add(noPort)))) {
      vertx.eventBus().publish("stoa.discovery", nonsense);
    }

    Member two = new Member().open();
    two.announce(there);

    one.awaitListed(there);
    assertTrue(one.failures.isEmpty(), one.failures::toString);
  }
}
