package dev.stoa.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MoneyTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "19.99, 1999",
    "0.29, 29",
    "1.10, 110",
    "5.000, 500",
    "1e2, 10000",
    "999999999999.99, 99999999999999",
    "1000000000000, 100000000000000",
    "1e12, 100000000000000"
  })
  void readsWhatJsonSays(String written, long minorUnits) {
    Object value = new JsonObject("{\"price\": " + written + "}").getValue("price");

    assertEquals(minorUnits, Money.parse(value, "USD", "price").minorUnits());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1",
        "-0.01",
        "0.001",
        "1.005",
        "1000000000000.01",
        "1e13",
        "1e400",
        "1e-9",
        "99999999999999999999999",
        "\"5\"",
        "true",
        "null",
        "[1]"
      })
  void refusesNamingTheField(String written) {
    Object value = new JsonObject("{\"price\": " + written + "}").getValue("price");

    ProblemException refusal =
        assertThrows(ProblemException.class, () -> Money.parse(value, "USD", "price"));

    assertEquals(ProblemType.INVALID_INPUT, refusal.type());
    assertEquals("price", refusal.errors().get(0).field());
  }

  @Test
  void writesEveryCentExactly() {
    for (long cents = 0; cents < 100_000; cents++) {
      String json = new JsonObject().put("a", new Money(cents, "EUR").toJson()).encode();
      Object read = new JsonObject(json).getValue("a");
      assertEquals(cents, Money.parse(read, "EUR", "a").minorUnits());
    }
    assertEquals(
        "{\"a\":1000000000000.00}",
        new JsonObject().put("a", new Money(100_000_000_000_000L, "EUR").toJson()).encode());
  }

  @Test
  void addsAndMultipliesWithinItsBounds() {
    Money price = new Money(1999, "USD");

    assertEquals(new Money(5997, "USD"), price.times(3));
    assertEquals(new Money(2000, "USD"), price.plus(new Money(1, "USD")));
    assertThrows(ProblemException.class, () -> price.times(Long.MAX_VALUE));
    assertThrows(ProblemException.class, () -> new Money(100_000_000_000_000L, "USD").plus(price));
    assertThrows(IllegalArgumentException.class, () -> price.plus(new Money(1, "EUR")));
  }
}
