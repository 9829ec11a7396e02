package dev.stoa.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill as operators and their CI run it. */
class DrillIT {
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  @TempDir Path home;

  @Test
  void whereThePromisesHoldTheReportSaysSoAndNothingIsLeftBehind() throws Exception {
    Process drill = drill("kill", "--seconds", "3", "--json");

    assertEquals(0, exit(drill), this::said);

    JsonObject report = new JsonObject(Files.readString(home.resolve("out")));
    JsonObject scenario = report.getJsonArray("scenarios").getJsonObject(0);
    assertTrue(report.getBoolean("passed"));
    assertEquals("kill", scenario.getString("scenario"));
    assertEquals(7, scenario.getJsonArray("promises").size());
    assertNothingIsLeft();
  }

  @Test
  void whereAPromiseIsBrokenTheReportNamesItAndTheExitCodeIsOne() throws Exception {
    Process drill = drill("kill", "--seconds", "3", "--set", "outlier_detection.enabled=false");

    assertEquals(1, exit(drill), this::said);

    String report = Files.readString(home.resolve("out"));
    assertTrue(report.contains("FAIL  the instance is left out within 10 s"), report);
    assertTrue(report.contains("PASS  nobody is charged twice"), report);
  }

  @Test
  void whereTheSandboxDoesNotStartNothingIsSaidOfThePromises() throws Exception {
    Process drill = drill("kill", "--set", "gateway.host=192.0.2.1");

    assertEquals(69, exit(drill), this::said);

    assertFalse(said().contains("promise"), this::said);
    assertTrue(said().contains("gateway does not get ready"), this::said);
    assertNothingIsLeft();
  }

  @Test
  void whoEndsItEarlyLeavesNothingBehindEither() throws Exception {
    Process drill = drill("kill", "--seconds", "60");
    Eventually.within(PATIENCE, "it starts processes", () -> drill.descendants().count() >= 2);
    List<ProcessHandle> started = drill.descendants().toList();

    drill.destroy();

    exit(drill);
    Eventually.within(
        PATIENCE,
        "they are gone",
        () -> started.stream().noneMatch(ProcessHandle::isAlive) && sandboxes().isEmpty());
  }

  private Process drill(String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.add("-Djava.io.tmpdir=" + home);
    line.addAll(List.of("-jar", System.getProperty("stoa.jar"), "drill"));
    line.addAll(List.of(arguments));
    return new ProcessBuilder(line)
        .directory(home.toFile())
        .redirectOutput(home.resolve("out").toFile())
        .redirectError(home.resolve("err").toFile())
        .start();
  }

  private int exit(Process drill) throws InterruptedException {
    boolean ended = drill.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    drill.destroy();
    assertTrue(ended, this::said);
    return drill.exitValue();
  }

  private void assertNothingIsLeft() {
    assertEquals(List.of(), sandboxes());
    assertFalse(
        ProcessHandle.allProcesses()
            .anyMatch(
                process -> process.info().commandLine().orElse("").contains(home.toString())));
  }

  private List<Path> sandboxes() {
    try (Stream<Path> files = Files.list(home)) {
      return files.filter(file -> file.getFileName().toString().startsWith("stoa-drill-")).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String said() {
    try {
      return Files.readString(home.resolve("out")) + Files.readString(home.resolve("err"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
