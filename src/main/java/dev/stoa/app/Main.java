package dev.stoa.app;

import dev.stoa.config.ConfigException;
import dev.stoa.drill.DrillFailure;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command line of {@code stoa.jar}. */
@Command(
    name = "stoa",
    description = "An API gateway and four commerce services in one jar.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Main implements Callable<Integer> {
  @Mixin private Settings settings;

  public static void main(String[] args) {
    // Netty looks for Flight Recorder, at the cost of a hundred classes; its events are not used
    // here.
    System.setProperty("io.netty.jfr.enabled", "false");
    int code = RunLine.read(args).map(plain -> run(plain, args)).orElseGet(() -> execute(args));
    if (code != ExitCode.OK) {
      System.exit(code);
    }
  }

  private static int execute(String... args) {
    CommandLine line = Commands.of(args);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    line.setParameterExceptionHandler(Main::misused);
    return line.execute(args);
  }

  /** The same for a line that needs no library to be read; a failure is told in the same way. */
  private static int run(Settings settings, String... args) {
    try {
      return RunCommand.run(settings);
    } catch (Exception failure) {
      CommandLine line = Commands.of(args);
      return explain(failure, line.getSubcommands().getOrDefault("run", line));
    }
  }

  /** Without a command: run. */
  @Override
  public Integer call() throws Exception {
    return RunCommand.run(settings);
  }

  private static int explain(Exception failure, CommandLine command) {
    boolean configuration = failure instanceof ConfigException;
    boolean forPeople =
        configuration || failure instanceof StartFailure || failure instanceof DrillFailure;
    command.getErr().println(forPeople ? failure.getMessage() : "stoa cannot go on: " + failure);
    if (failure instanceof ConfigException wrong
        && wrong.errors().stream().anyMatch(error -> error.path().startsWith("--"))) {
      usage(command);
    }
    if (configuration) {
      return ExitCode.CONFIGURATION;
    }
    return failure instanceof DrillFailure ? ExitCode.UNAVAILABLE : ExitCode.FAILED;
  }

  private static int misused(CommandLine.ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    command.getErr().println(misuse.getMessage());
    usage(command);
    return ExitCode.CONFIGURATION;
  }

  /**
   * On the same stream as what is wrong; of the whole, with commands that this line did not need.
   */
  private static void usage(CommandLine command) {
    CommandLine told = command.getParent() == null ? Commands.all() : command;
    told.usage(command.getErr());
  }

  @Command(name = "version", description = "Prints the version.")
  static final class VersionCommand implements Callable<Integer> {
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
      spec.commandLine().getOut().println(new Version().getVersion()[0]);
      return ExitCode.OK;
    }
  }
}
