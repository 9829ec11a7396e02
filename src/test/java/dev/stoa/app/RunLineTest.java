package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RunLineTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "run",
        "--port 9000",
        "--port=9000 --cluster",
        "run --conf conf --data=../data --profile PROD --roles gateway,console --cluster",
        "--roles gateway",
        "--set a.b=1 --set=c=d=e --set f={\"g\":1}x",
        "--set a=1 --conf=a=b",
        "--data run",
        "run --set run=--set"
      })
  void plainLinesMeanWhatTheyMeanToTheLibrary(String line) {
    Optional<Settings> plain = RunLine.read(words(line));

    // What has quotes may be left to the library, too.
    assertEquals(!line.contains("\""), plain.isPresent());
    plain.ifPresent(settings -> assertEquals(options(byLibrary(line)), options(settings)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-h",
        "--help",
        "run --help",
        "-V",
        "check",
        "explain GET /",
        "run run",
        "--rolls gateway",
        "--roles gateway,,console",
        "--roles gateway,",
        "--roles gateway --roles users",
        "--profile production",
        "--port http",
        "--port -1",
        "--port 123456",
        "--port",
        "--port=",
        "--port 1 --port 2",
        "--cluster=false",
        "--cluster --cluster",
        "--conf --data",
        "--conf @file",
        "@file",
        "--",
        "--set a",
        "--set =b",
        "--set a=",
        "--set a=1 --set a=2",
        "--set --port"
      })
  void whatIsOutOfTheOrdinaryIsLeftToTheLibrary(String line) {
    assertEquals(Optional.empty(), RunLine.read(words(line)));
  }

  @Test
  void everyOptionOfAStartIsKnown() {
    for (CommandLine.Model.OptionSpec option :
        CommandLine.Model.CommandSpec.forAnnotatedObject(new Settings()).options()) {
      String value =
          switch (option.longestName()) {
            case "--profile" -> "=dev";
            case "--set" -> "=a=b";
            case "--cluster" -> "";
            default -> "=1";
          };
      assertTrue(RunLine.read(option.longestName() + value).isPresent(), option.longestName());
    }
  }

  private static Settings byLibrary(String line) {
    RunCommand command = new RunCommand();
    CommandLine parser = new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
    String[] words = words(line);
    boolean named = words.length > 0 && words[0].equals("run");
    parser.parseArgs(named ? words(line.substring("run".length()).strip()) : words);
    return (Settings) value(field(RunCommand.class, "settings"), command);
  }

  private static Map<String, Object> options(Settings settings) {
    Map<String, Object> options = new TreeMap<>();
    for (Field field : Settings.class.getDeclaredFields()) {
      if (field.isAnnotationPresent(CommandLine.Option.class)) {
        options.put(field.getName(), String.valueOf(value(field, settings)));
      }
    }
    assertTrue(options.size() > 5, options::toString);
    return options;
  }

  private static Field field(Class<?> type, String name) {
    try {
      return type.getDeclaredField(name);
    } catch (NoSuchFieldException e) {
      throw new AssertionError(e);
    }
  }

  private static Object value(Field field, Object of) {
    try {
      field.setAccessible(true);
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static String[] words(String line) {
    return line.isEmpty() ? new String[0] : line.split(" ");
  }
}
