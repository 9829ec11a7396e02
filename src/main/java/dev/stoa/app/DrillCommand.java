package dev.stoa.app;

import dev.stoa.drill.Drill;
import dev.stoa.drill.DrillPlan;
import dev.stoa.drill.DrillProgress;
import dev.stoa.drill.DrillReport;
import dev.stoa.drill.DrillScenario;
import java.io.File;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "drill",
    description =
        "Breaks a system of its own, in a sandbox, under load, and tells which promises hold.",
    mixinStandardHelpOptions = true)
final class DrillCommand implements Callable<Integer> {
  private static final int LONGEST_SECONDS = 600;

  @Parameters(
      paramLabel = "SCENARIO",
      arity = "0..*",
      description = "what goes wrong (all): ${COMPLETION-CANDIDATES}")
  private List<DrillScenario> scenarios = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      description = "of load in each scenario (${DEFAULT-VALUE})")
  private int seconds = 8;

  @Option(names = "--json", description = "prints the report as JSON, and nothing else")
  private boolean json;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "one configuration value of the sandbox; may be repeated")
  private Map<String, String> values = new TreeMap<>();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (seconds < DrillPlan.SHORTEST.toSeconds() || seconds > LONGEST_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "--seconds: expected %d to %d, found %d"
              .formatted(DrillPlan.SHORTEST.toSeconds(), LONGEST_SECONDS, seconds));
    }
    List<DrillScenario> chosen =
        scenarios.isEmpty() ? Arrays.asList(DrillScenario.values()) : scenarios;
    DrillPlan plan =
        new DrillPlan(
            chosen,
            Duration.ofSeconds(seconds),
            command(),
            Files.createTempDirectory("stoa-drill-"),
            values);
    PrintWriter out = spec.commandLine().getOut();
    DrillProgress progress = json ? Silence.KEPT : new ProgressLine(out, System.console() != null);
    try (Drill drill = new Drill(plan, progress)) {
      // Ctrl-C: nothing of the sandbox is left behind.
      Thread ended = new Thread(drill::close, "stoa-drill-end");
      Runtime.getRuntime().addShutdownHook(ended);
      DrillReport report = drill.run();
      Runtime.getRuntime().removeShutdownHook(ended);
      progress.now("");
      out.println(json ? report.toJson().encodePrettily() : report.toText());
      out.flush();
      return report.passed() ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  /** This very program, wherever it is: a jar, or a class path. */
  private static List<String> command() {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator));
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "-cp",
        classPath,
        Main.class.getName());
  }

  /** For programs, which want the report and nothing else. */
  private enum Silence implements DrillProgress {
    KEPT;

    @Override
    public void phase(String what) {}

    @Override
    public void now(String how) {}
  }
}
