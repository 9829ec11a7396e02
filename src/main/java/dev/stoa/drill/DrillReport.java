package dev.stoa.drill;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;

/** What a drill has found. */
public record DrillReport(List<Played> played, Duration took) {

  /** One scenario. */
  public record Played(DrillScenario scenario, List<Verdict> verdicts) {
    public Played {
      verdicts = List.copyOf(verdicts);
    }
  }

  public DrillReport {
    played = List.copyOf(played);
  }

  /** Whether every promise was kept. */
  public boolean passed() {
    return played.stream().flatMap(one -> one.verdicts().stream()).allMatch(Verdict::kept);
  }

  /** For programs. */
  public JsonObject toJson() {
    JsonArray scenarios = new JsonArray();
    for (Played one : played) {
      JsonArray verdicts = new JsonArray();
      one.verdicts().forEach(verdict -> verdicts.add(verdict.toJson()));
      scenarios.add(
          new JsonObject().put("scenario", one.scenario().toString()).put("promises", verdicts));
    }
    return new JsonObject()
        .put("passed", passed())
        .put("took_ms", took.toMillis())
        .put("scenarios", scenarios);
  }

  /** For people. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    for (Played one : played) {
      text.append('\n').append(one.scenario()).append(": ");
      text.append(one.scenario().story()).append('\n');
      for (Verdict verdict : one.verdicts()) {
        text.append(verdict.kept() ? "  PASS  " : "  FAIL  ");
        text.append("%-58s  %s%n".formatted(verdict.promise(), verdict.measured()));
      }
    }
    text.append("%n%s in %d s.%n".formatted(conclusion(), took.toSeconds()));
    return text.toString();
  }

  private String conclusion() {
    long broken =
        played.stream().flatMap(p -> p.verdicts().stream()).filter(v -> !v.kept()).count();
    return broken == 0
        ? "Every promise was kept"
        : broken + (broken == 1 ? " promise was broken" : " promises were broken");
  }
}
