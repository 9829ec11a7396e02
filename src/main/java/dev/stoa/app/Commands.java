package dev.stoa.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The commands of {@code stoa.jar}. Reading the annotations of one takes longer than what a start
 * has to do with them, so a line that names its command, or none, gets no others.
 */
final class Commands {
  private static final Map<String, Supplier<Callable<Integer>>> KNOWN = known();
  private static final List<String> HELP = List.of("-h", "--help");

  private Commands() {}

  /** What understands these arguments as {@link #all()} would. */
  static CommandLine of(String... args) {
    List<String> line = List.of(args);
    if (!line.isEmpty() && KNOWN.containsKey(line.get(0))) {
      return with(line.subList(0, 1));
    }
    return line.stream().anyMatch(Commands::asksForAll) ? all() : with(List.of());
  }

  /** For who asks what there is. */
  static CommandLine all() {
    return with(new ArrayList<>(KNOWN.keySet()));
  }

  private static boolean asksForAll(String arg) {
    return KNOWN.containsKey(arg) || HELP.contains(arg);
  }

  private static CommandLine with(List<String> names) {
    CommandLine line = new CommandLine(new Main());
    names.forEach(name -> line.addSubcommand(name, KNOWN.get(name).get()));
    return line;
  }

  private static Map<String, Supplier<Callable<Integer>>> known() {
    Map<String, Supplier<Callable<Integer>>> commands = new LinkedHashMap<>();
    commands.put("run", RunCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("drill", DrillCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("drain", DrainCommand::new);
    commands.put("version", Main.VersionCommand::new);
    return commands;
  }
}
