package dev.stoa;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the floors: dependencies point down only, and rooms on one floor are strangers. */
class ArchitectureTest {
  private static final String ROOT = "dev.stoa";

  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("config", "http", "page", "problem"),
          Set.of(
              "apidocs",
              "discovery",
              "edge",
              "limits",
              "observability",
              "persistence",
              "resilience",
              "upstream"),
          Set.of("idempotency", "lease"),
          Set.of("service"),
          Set.of("drill", "gateway", "users", "products", "orders", "payments", "console"),
          Set.of("app"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void everyPackageHasItsFloor() {
    Set<String> rooms = new TreeSet<>();
    FLOORS.forEach(rooms::addAll);

    Set<String> found = new TreeSet<>();
    CLASSES.forEach(c -> found.add(c.getPackageName().substring(ROOT.length() + 1)));

    assertEquals(rooms, found);
  }

  @Test
  void dependenciesPointDownAndNeighboursAreStrangers() {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      for (String room : FLOORS.get(floor)) {
        List<String> forbidden = new ArrayList<>();
        FLOORS.subList(floor, FLOORS.size()).forEach(rooms -> forbidden.addAll(packages(rooms)));
        forbidden.remove(ROOT + "." + room);

        ArchRule rule =
            noClasses()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new))
                .allowEmptyShould(true);
        rule.check(CLASSES);
      }
    }
  }

  @Test
  void thirdPartiesAreContained() {
    only(
        "persistence",
        "io.vertx.sqlclient..",
        "io.vertx.pgclient..",
        "java.sql..",
        "org.sqlite..",
        "org.postgresql..",
        "org.flywaydb..");
    only("service", "io.vertx.ext.auth..", "io.vertx.openapi..", "io.vertx.json.schema..");
    onlyIn(Set.of("service", "discovery"), "io.vertx.ext.web.client..");
    only("discovery", "io.vertx.ext.consul..", "io.vertx.servicediscovery..");
    only("config", "io.vertx.config..", "org.yaml..");
    only("resilience", "io.vertx.circuitbreaker..");
    only(
        "observability",
        "io.micrometer..",
        "io.vertx.micrometer..",
        "io.prometheus..",
        "io.opentelemetry..");
    only("limits", "io.vertx.redis..");
    only("users", "de.mkammerer..");
    only("app", "picocli..", "ch.qos.logback..", "com.hazelcast..", "io.vertx.spi.cluster..");
  }

  @Test
  void onlyTheAppMakesAVertxAndSpeaksOnTheConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".app")
        .should()
        .callMethod(io.vertx.core.Vertx.class, "vertx")
        .orShould()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  private static void only(String room, String... thirdParty) {
    onlyIn(Set.of(room), thirdParty);
  }

  private static void onlyIn(Set<String> rooms, String... thirdParty) {
    noClasses()
        .that()
        .resideOutsideOfPackages(packages(rooms).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(thirdParty)
        .check(CLASSES);
  }

  private static List<String> packages(Set<String> rooms) {
    return rooms.stream().map(room -> ROOT + "." + room).toList();
  }
}
