package dev.stoa.discovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.discovery.Origin.View;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogMergeTest {
  private final ServiceInstance one = ServiceInstance.of("users", "10.0.0.1", 80);
  private final ServiceInstance two = ServiceInstance.of("users", "10.0.0.2", 80);

  @Test
  void anAddressIsOneInstanceWhateverItsIds() {
    CatalogMerge merge =
        new CatalogMerge()
            .with(view("consul", true, one), Set.of())
            .with(view("eureka", true, one.withId("host:users:80")), Set.of());

    CatalogEntry entry = only(merge);
    assertEquals(one, entry.instance());
    assertEquals(Set.of("consul", "eureka"), entry.origins());
    assertEquals(List.of(), merge.disagreements());
  }

  @Test
  void whatRunsHereIsKnownAndFreshWhateverOthersSay() {
    CatalogMerge merge =
        new CatalogMerge()
            .own(List.of(one), List.of("users"))
            .with(view("consul", false, one.withWeight(7)), Set.of());

    CatalogEntry entry = only(merge);
    assertEquals(one, entry.instance());
    assertEquals(false, entry.stale());
    assertEquals(Set.of("local", "consul"), entry.origins());
  }

  @Test
  void staleIsWhatNobodyConfirms() {
    View stale = view("consul", false, one);
    View fresh = view("eureka", true, one);

    assertTrue(only(new CatalogMerge().with(stale, Set.of())).stale());
    assertEquals(
        false, only(new CatalogMerge().with(stale, Set.of()).with(fresh, Set.of())).stale());
  }

  @Test
  void theFirstRegistryIsBelievedAndTheDifferenceNoted() {
    ServiceInstance moved = new ServiceInstance(one.id(), "users", "10.0.0.9", 80);
    CatalogMerge merge =
        new CatalogMerge()
            .with(view("consul", true, one), Set.of())
            .with(view("eureka", true, moved), Set.of());

    assertEquals(one, only(merge).instance());
    List<String> told = merge.disagreements();
    assertTrue(told.get(0).contains("10.0.0.9:80 for eureka"), told::toString);
  }

  @Test
  void whatOneRegistryLacksIsNotedIfItAnswers() {
    CatalogMerge merge =
        new CatalogMerge()
            .with(view("consul", true, one, two), Set.of())
            .with(view("eureka", true, one), Set.of());
    assertEquals(List.of(two.id() + " is not known to eureka"), merge.disagreements());

    CatalogMerge away =
        new CatalogMerge()
            .with(view("consul", true, one, two), Set.of())
            .with(view("eureka", false, one), Set.of());
    assertEquals(List.of(), away.disagreements());
  }

  @Test
  void whatWasWithdrawnHereIsLeftOut() {
    CatalogMerge merge = new CatalogMerge().with(view("consul", true, one, two), Set.of(one.id()));

    assertEquals(List.of(two), merge.catalog().instances("users"));
  }

  @Test
  void theOrderOfARegistryIsNoReasonToChange() {
    ServiceCatalog a = new CatalogMerge().with(view("c", true, one, two), Set.of()).catalog();
    ServiceCatalog b = new CatalogMerge().with(view("c", true, two, one), Set.of()).catalog();

    assertEquals(a, b);
  }

  private static CatalogEntry only(CatalogMerge merge) {
    List<CatalogEntry> entries = merge.catalog().entries("users");
    assertEquals(1, entries.size(), entries::toString);
    return entries.get(0);
  }

  private static View view(String name, boolean fresh, ServiceInstance... instances) {
    return new View(
        name,
        fresh,
        List.of(instances).stream().map(i -> new View.Entry(i, !fresh)).toList(),
        Set.of("users"));
  }
}
