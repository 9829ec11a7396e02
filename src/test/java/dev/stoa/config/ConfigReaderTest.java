package dev.stoa.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigReaderTest {
  private enum Transport {
    HTTP,
    EVENT_BUS
  }

  private static ConfigReader reader(Object value) {
    return ConfigReader.of(new JsonObject().put("k", value));
  }

  private static <R> void refuses(Object value, Function<ConfigReader, R> getter, R fallback) {
    ConfigReader reader = reader(value);

    assertEquals(fallback, getter.apply(reader));

    assertEquals(1, reader.errors().size(), () -> value + ": " + reader.errors());
    assertEquals("k", reader.errors().get(0).path());
  }

  private static <R> void reads(Object value, Function<ConfigReader, R> getter, R expected) {
    ConfigReader reader = reader(value);

    assertEquals(expected, getter.apply(reader));

    assertEquals(List.of(), reader.errors());
  }

  @Test
  void textIsTextAndNothingElse() {
    reads("a", r -> r.string("k", "d"), "a");
    reads("", r -> r.string("k", "d"), "");
    reads("a", r -> r.string("absent", "d"), "d");
    reads("a", r -> r.string("absent"), Optional.empty());
    refuses(1.1, r -> r.string("k", "d"), "d");
    refuses(true, r -> r.string("k", "d"), "d");
    refuses(new JsonArray(), r -> r.string("k", "d"), "d");
    refuses(new JsonObject(), r -> r.string("k", "d"), "d");
  }

  @Test
  void wholeNumbersStayInRange() {
    reads(5, r -> r.integer("k", 1, 0, 10), 5);
    reads(0, r -> r.integer("k", 1, 0, 10), 0);
    reads(10L, r -> r.integer("k", 1, 0, 10), 10);
    refuses(11, r -> r.integer("k", 1, 0, 10), 1);
    refuses(-1, r -> r.integer("k", 1, 0, 10), 1);
    refuses(5.0, r -> r.integer("k", 1, 0, 10), 1);
    refuses("5", r -> r.integer("k", 1, 0, 10), 1);
    refuses(1L << 32, r -> r.integer("k", 1, 0, 10), 1);
    refuses(new java.math.BigInteger("18446744073709551621"), r -> r.integer("k", 1, 0, 10), 1);
  }

  @Test
  void fractionsStayInRange() {
    reads(0.9, r -> r.decimal("k", 1, 0, 1), 0.9);
    reads(1, r -> r.decimal("k", 0, 0, 1), 1.0);
    refuses(1.01, r -> r.decimal("k", 0.5, 0, 1), 0.5);
    refuses("0.9", r -> r.decimal("k", 0.5, 0, 1), 0.5);
    refuses(Double.POSITIVE_INFINITY, r -> r.decimal("k", 1, 0, Double.MAX_VALUE), 1.0);
    refuses(Double.NaN, r -> r.decimal("k", 1, 0, 2), 1.0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "1", "yes", "on", "TRUE", "Yes", "ON"})
  void readsTrue(String text) {
    reads(text, r -> r.bool("k", false), true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "0", "no", "off", "FALSE", "No"})
  void readsFalse(String text) {
    reads(text, r -> r.bool("k", true), false);
  }

  @Test
  void booleansAreNotGuessed() {
    reads(true, r -> r.bool("k", false), true);
    reads(1, r -> r.bool("k", false), true);
    reads(0, r -> r.bool("k", true), false);
    refuses("maybe", r -> r.bool("k", true), true);
    refuses(2, r -> r.bool("k", true), true);
    refuses("", r -> r.bool("k", true), true);
    refuses(new JsonArray().add(true), r -> r.bool("k", false), false);
  }

  @ParameterizedTest
  @CsvSource({
    "250ms,250",
    "30s,30000",
    "5m,300000",
    "1h,3600000",
    "1d,86400000",
    "30,30000",
    "0,0",
    "1.5s,1500",
    "30 s,30000",
    "5M,300000",
    "36500d,3153600000000"
  })
  void readsDurations(String text, long millis) {
    reads(text, r -> r.duration("k", Duration.ZERO), Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-1s",
        "1w",
        "s",
        "",
        "1 0s",
        "1e3s",
        "36501d",
        "999999999999999d",
        "forever",
        "1s2"
      })
  void refusesWhatIsNoDuration(String text) {
    refuses(text, r -> r.duration("k", Duration.ZERO), Duration.ZERO);
  }

  @Test
  void aBareNumberIsSeconds() {
    reads(60, r -> r.duration("k", Duration.ZERO), Duration.ofSeconds(60));
    reads(0.25, r -> r.duration("k", Duration.ZERO), Duration.ofMillis(250));
    refuses(-1, r -> r.duration("k", Duration.ZERO), Duration.ZERO);
    refuses(true, r -> r.duration("k", Duration.ZERO), Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "512,512",
    "64kb,65536",
    "64KB,65536",
    "10mb,10485760",
    "1gb,1073741824",
    "0,0",
    "7b,7",
    "2k,2048",
    "3 mb,3145728"
  })
  void readsSizes(String text, long bytes) {
    reads(text, r -> r.size("k", 1L), bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1.5mb", "1tb", "mb", "", "10000000000gb", "9999999999999999999"})
  void refusesWhatIsNoSize(String text) {
    refuses(text, r -> r.size("k", 1L), 1L);
  }

  @Test
  void sizesMayBeNumbers() {
    reads(512, r -> r.size("k", 1L), 512L);
    refuses(-512, r -> r.size("k", 1L), 1L);
    refuses(1.5, r -> r.size("k", 1L), 1L);
  }

  @Test
  void readsListsOfTexts() {
    List<String> none = List.of("d");
    reads(new JsonArray().add("a").add("b"), r -> r.strings("k", none), List.of("a", "b"));
    reads(new JsonArray(), r -> r.strings("k", none), List.of());
    reads("a, b,,c ", r -> r.strings("k", none), List.of("a", "b", "c"));
    reads("a", r -> r.strings("absent", none), none);
    refuses(5, r -> r.strings("k", none), none);
    refuses(new JsonObject(), r -> r.strings("k", none), none);
  }

  @Test
  void namesTheItemThatIsNoText() {
    ConfigReader reader = reader(new JsonArray().add("a").add(1).add(true));

    assertEquals(List.of(), reader.strings("k", List.of()));

    assertEquals(List.of("k[1]", "k[2]"), reader.errors().stream().map(ConfigError::path).toList());
  }

  @Test
  void anItemsErrorNamesTheItemOrTheTextWithAllOfThem() {
    ConfigReader list = reader(new JsonArray().add("a").add("b"));
    ConfigReader text = reader("a, b");

    list.itemError("k", 1, "a letter before b");
    text.itemError("k", 1, "a letter before b");

    assertEquals("k[1]", list.errors().get(0).path());
    assertEquals("\"b\"", list.errors().get(0).found());
    assertEquals("k", text.errors().get(0).path());
  }

  @Test
  void readsOneOfAnEnum() {
    Function<ConfigReader, Transport> getter = r -> r.oneOf("k", Transport.class, Transport.HTTP);
    reads("event_bus", getter, Transport.EVENT_BUS);
    reads("event-bus", getter, Transport.EVENT_BUS);
    reads("Http", getter, Transport.HTTP);
    refuses("ftp", getter, Transport.HTTP);
    refuses(true, getter, Transport.HTTP);

    ConfigReader reader = reader("ftp");
    getter.apply(reader);
    assertEquals("one of http, event_bus", reader.errors().get(0).expected());
  }

  @Test
  void sectionsKnowWhereTheyStand() {
    JsonArray routes =
        new JsonArray()
            .add(new JsonObject().put("name", "a"))
            .add(new JsonObject().put("name", 5).put("inner", new JsonObject().put("x", "y")));
    ConfigReader root = ConfigReader.of(new JsonObject().put("routes", routes));

    List<ConfigReader> sections = root.sections("routes");

    assertEquals(2, sections.size());
    assertEquals("a", sections.get(0).string("name", ""));
    assertEquals("routes[1]", sections.get(1).path());
    assertEquals("routes[1].inner", sections.get(1).section("inner").path());
    assertEquals("y", root.string("routes[1].inner.x", ""));
    assertEquals("y", sections.get(1).string("inner.x", ""));
    assertEquals(Set.of("name", "inner"), sections.get(1).keys());
    sections.get(1).string("name", "");
    assertEquals("routes[1].name", root.errors().get(0).path());
  }

  @Test
  void absentSectionsAreEmpty() {
    ConfigReader section = reader("v").section("absent");

    assertEquals(Set.of(), section.keys());
    assertEquals("d", section.string("x", "d"));
    assertFalse(section.has("x"));
    assertEquals(List.of(), section.sections("list"));
    assertEquals(List.of(), section.errors());
  }

  @Test
  void aSectionThatIsNoMappingIsAnError() {
    refuses("text", r -> r.section("k").keys(), Set.of());
    refuses("text", r -> r.sections("k"), List.of());
    ConfigReader reader = reader(new JsonArray().add("a"));
    reader.sections("k");
    assertEquals("k[0]", reader.errors().get(0).path());
  }

  @Test
  void answersPlainValues() {
    JsonObject object = new JsonObject().put("a", new JsonArray().add(1).add(true));
    reads(object, r -> r.value("k"), Optional.of(object));
    reads(5, r -> r.value("k"), Optional.of(5));
    reads(5, r -> r.value("absent"), Optional.empty());
    assertTrue(reader(5).has("k"));
  }

  @Test
  void keysMayContainDots() {
    JsonObject levels = new JsonObject().put("dev.stoa.gateway", "DEBUG").put("dev", "INFO");
    ConfigReader reader = ConfigReader.of(new JsonObject().put("levels", levels));

    assertEquals("DEBUG", reader.section("levels").string("dev.stoa.gateway", ""));
    assertEquals("INFO", reader.string("levels.dev", ""));
  }

  @Test
  void aRepeatedErrorIsReportedOnce() {
    ConfigReader reader = reader(5);

    reader.string("k", "");
    reader.string("k", "");
    reader.error("k", "text");

    assertEquals(1, reader.errors().size());
  }

  @Test
  void differentErrorsOfOnePlaceAreAllReported() {
    ConfigReader reader = reader("v");

    reader.error("k", "this");
    reader.error("k", "that");

    assertEquals(2, reader.errors().size());
  }

  @Test
  void errorsSayWhatWasFound() {
    ConfigReader reader = reader("va\nlue");
    reader.error("k", "a name");
    reader.error("absent", "something");
    reader.section("").error("", "a fitting whole");

    assertEquals(
        List.of("\"va lue\"", "nothing", "a mapping"),
        reader.errors().stream().map(ConfigError::found).toList());
  }
}
