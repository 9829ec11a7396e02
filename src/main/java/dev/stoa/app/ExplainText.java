package dev.stoa.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** An explanation for people at a terminal: what the admin API says of it, in columns. */
final class ExplainText {
  private static final int MAX_LOSERS = 8;
  private static final Map<String, String> MARKS =
      Map.of("passes", "✓", "refuses", "✗", "not reached", "·", "not its business", "·");

  private final JsonObject said;
  private final StringBuilder out = new StringBuilder();

  ExplainText(JsonObject said) {
    this.said = said;
  }

  @Override
  public String toString() {
    out.setLength(0);
    line("%s %s", said.getString("method"), said.getString("path"));
    line("%s", verdict());
    line("");
    stages();
    JsonObject route = said.getJsonObject("route");
    if (route != null) {
      route(route);
    }
    limit(said.getJsonObject("limit"));
    JsonObject upstream = said.getJsonObject("upstream");
    if (upstream != null) {
      upstream(upstream);
    }
    if (!said.getBoolean("live", true)) {
      line("");
      line(
          "By the configuration alone: limits, breakers and instances as they are now are unknown.");
    }
    return out.toString();
  }

  private String verdict() {
    JsonObject refusal = said.getJsonObject("refusal");
    if (refusal == null) {
      return said.getString("outcome").equals("forwarded")
          ? "would be forwarded"
          : "would be answered by the gateway itself";
    }
    if (said.getString("outcome").equals("answered")) {
      return "would be answered: "
          + refusal.getInteger("status")
          + ", "
          + refusal.getString("detail");
    }
    String retry = refusal.getString("retry-after");
    String fallback = refusal.getString("fallback");
    return "would be refused: %d %s%s%s"
        .formatted(
            refusal.getInteger("status"),
            refusal.getString("title"),
            retry == null ? "" : ", again after " + retry + " s",
            fallback == null ? "" : "; instead: " + fallback);
  }

  private void stages() {
    for (JsonObject stage : objects(said.getJsonArray("stages"))) {
      String verdict = stage.getString("verdict");
      String detail = stage.getString("detail");
      line(
          "  %s %-15s %s",
          MARKS.getOrDefault(verdict, "?"),
          stage.getString("stage").replace('_', ' '),
          detail.isEmpty() ? verdict : detail);
    }
  }

  private void route(JsonObject route) {
    line("");
    List<String[]> rows = new ArrayList<>();
    if (route.containsKey("name")) {
      rows.add(
          new String[] {
            "wins", route.getString("name"), route.getString("path"), route.getString("reason")
          });
    }
    List<JsonObject> others = objects(route.getJsonArray("others"));
    others.stream()
        .limit(MAX_LOSERS)
        .forEach(
            other ->
                rows.add(
                    new String[] {
                      "loses",
                      other.getString("route"),
                      other.getString("path"),
                      other.getString("reason")
                    }));
    table("routes", rows);
    if (others.size() > MAX_LOSERS) {
      line("%-10sand %d more", "", others.size() - MAX_LOSERS);
    }
  }

  private void limit(JsonObject limit) {
    if (limit != null) {
      line("");
      line(
          "%-10s%s: %d of %d left for %s, %s; full again in %.1f s",
          "limit",
          limit.getString("policy"),
          limit.getLong("left"),
          limit.getLong("burst"),
          limit.getString("counts"),
          limit.getString("limit"),
          limit.getDouble("reset_s"));
    }
  }

  private void upstream(JsonObject upstream) {
    JsonObject breaker = upstream.getJsonObject("breaker");
    line("");
    line("%-10s%s", "upstream", upstream.getString("name"));
    line(
        "%-10s%s",
        "breaker",
        breaker.getBoolean("unused", false)
            ? "closed, nothing sent yet; opens after %d failures in a row"
                .formatted(breaker.getInteger("failure_threshold"))
            : "%s, %d of %d failures in a row; %d under way, %d waiting, %d places"
                .formatted(
                    breaker.getString("state"),
                    breaker.getLong("consecutive_failures"),
                    breaker.getInteger("failure_threshold"),
                    breaker.getInteger("running"),
                    breaker.getInteger("waiting"),
                    breaker.getInteger("places")));
    List<String[]> rows = new ArrayList<>();
    for (JsonObject instance : objects(upstream.getJsonArray("instances"))) {
      rows.add(
          new String[] {
            instance.getInteger("rank") + ".",
            instance.getString("url"),
            instance.getInteger("in_flight") + " in flight",
            instance.getString("reason")
          });
    }
    table("instances", rows);
    time(upstream.getJsonObject("time"), upstream.getJsonObject("retry"));
    sent(upstream.getJsonObject("sent"));
  }

  private void time(JsonObject time, JsonObject retry) {
    line(
        "%-10s%s for an attempt, %s in all",
        "time", seconds(time.getLong("timeout_ms")), seconds(time.getLong("deadline_ms")));
    line(
        "%-10sup to %d times, after %d to %d ms, on %s",
        "retries",
        retry.getInteger("max_retries"),
        retry.getLong("base_delay_ms"),
        retry.getLong("max_delay_ms"),
        retry.getJsonArray("on").stream().map(Object::toString).collect(Collectors.joining(", ")));
  }

  private void sent(JsonObject sent) {
    if (sent != null) {
      line("%-10s%s %s", "sends", said.getString("method"), sent.getString("url"));
      JsonObject headers = sent.getJsonObject("set_headers");
      headers.fieldNames().forEach(name -> line("%-10s%s: %s", "", name, headers.getString(name)));
    }
  }

  private static String seconds(long millis) {
    return millis == 0 ? "no bound" : "%.1f s".formatted(millis / 1_000.0);
  }

  /** Rows of the same number of cells, each column as wide as its widest. */
  private void table(String title, List<String[]> rows) {
    String label = title;
    for (String[] row : rows) {
      StringBuilder text = new StringBuilder("%-10s".formatted(label));
      for (int column = 0; column < row.length; column++) {
        int cell = column;
        int width = rows.stream().mapToInt(r -> r[cell].length()).max().orElse(0);
        text.append(row[column]).append(" ".repeat(width - row[column].length() + 2));
      }
      line("%s", text.toString().stripTrailing());
      label = "";
    }
  }

  private void line(String format, Object... values) {
    out.append(format.formatted(values)).append('\n');
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
