package dev.stoa.e2e;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The figures of several rounds, as medians, beside those of a recorded run. */
final class BenchTable {
  private static final List<String> COLUMNS = List.of("rps", "cpu_us", "p50_ms", "p99_ms");

  private final int rounds;
  private final Path record;
  private final JsonObject recorded;
  private final Map<String, Map<String, List<ClosedLoop.Rate>>> rates = new LinkedHashMap<>();
  private final Map<String, Double> raw = new LinkedHashMap<>();
  private final Map<String, Double> idle = new LinkedHashMap<>();

  BenchTable(int rounds, Path record) throws IOException {
    this.rounds = rounds;
    this.record = record;
    this.recorded = Files.exists(record) ? read(record) : new JsonObject();
  }

  private static JsonObject read(Path record) throws IOException {
    try {
      return new JsonObject(Files.readString(record)).getJsonObject("settings", new JsonObject());
    } catch (DecodeException | ClassCastException e) {
      throw new IOException(record + " is no record: " + e.getMessage(), e);
    }
  }

  void raw(Map<String, Double> figures) {
    raw.putAll(figures);
  }

  void add(String work, String side, ClosedLoop.Rate rate) {
    rates
        .computeIfAbsent(work, name -> new LinkedHashMap<>())
        .computeIfAbsent(side, name -> new ArrayList<>())
        .add(rate);
  }

  /** What it costs to do nothing: the least counts, since compilers work on for a while. */
  void idle(String side, double microsPerSecond) {
    idle.merge(side, microsPerSecond, Math::min);
  }

  private JsonObject json() {
    JsonObject settings = new JsonObject();
    rates.forEach(
        (work, sides) -> {
          JsonObject bySide = new JsonObject();
          sides.forEach((side, all) -> bySide.put(side, medians(all)));
          settings.put(work, bySide);
        });
    JsonObject still = new JsonObject();
    idle.forEach((side, micros) -> still.put(side, new JsonObject().put("cpu_us", round(micros))));
    settings.put("idle, a second", still);
    JsonObject parts = new JsonObject();
    raw.forEach((part, rate) -> parts.put(part, new JsonObject().put("rps", round(rate))));
    settings.put("raw", parts);
    return new JsonObject()
        .put("at", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString())
        .put("rounds", rounds)
        .put("machine", Runtime.getRuntime().availableProcessors() + " cores")
        .put("versions", "Java " + Runtime.version().feature())
        .put("settings", settings);
  }

  private static JsonObject medians(List<ClosedLoop.Rate> all) {
    return new JsonObject()
        .put("rps", median(all, ClosedLoop.Rate::perSecond))
        .put("cpu_us", median(all, ClosedLoop.Rate::cpuMicros))
        .put("p50_ms", median(all, ClosedLoop.Rate::p50Millis))
        .put("p99_ms", median(all, ClosedLoop.Rate::p99Millis));
  }

  private static double median(List<ClosedLoop.Rate> all, ToDoubleFunction<ClosedLoop.Rate> of) {
    return round(all.stream().mapToDouble(of).sorted().skip(all.size() / 2).findFirst().orElseThrow());
  }

  private static double round(double figure) {
    return figure > 100 ? Math.round(figure) : Math.round(figure * 100) / 100.0;
  }

  /** Prints it beside the record, where there is one. */
  void print() {
    JsonObject now = json().getJsonObject("settings");
    System.out.printf("%nBENCH %-24s %-36s", "", "");
    COLUMNS.forEach(column -> System.out.printf("%20s", column));
    for (String setting : now.fieldNames()) {
      for (String side : now.getJsonObject(setting).fieldNames()) {
        System.out.printf("%nBENCH %-24s %-36s", setting, side);
        JsonObject figures = now.getJsonObject(setting).getJsonObject(side);
        JsonObject before =
            recorded.getJsonObject(setting, new JsonObject()).getJsonObject(side, new JsonObject());
        COLUMNS.forEach(column -> System.out.printf("%20s", cell(figures, before, column)));
      }
    }
    System.out.printf("%n%n");
  }

  // The figure, and by how much it has changed since the record.
  private static String cell(JsonObject now, JsonObject then, String column) {
    if (!now.containsKey(column)) {
      return "";
    }
    double figure = now.getDouble(column);
    String text = figure > 100 ? "%,.0f".formatted(figure) : "%.2f".formatted(figure);
    return then.containsKey(column)
        ? "%s (%+.0f %%)".formatted(text, 100 * (figure / then.getDouble(column) - 1))
        : text;
  }

  void write() throws IOException {
    Files.createDirectories(record.getParent());
    Files.writeString(record, json().encodePrettily() + "\n");
  }
}
