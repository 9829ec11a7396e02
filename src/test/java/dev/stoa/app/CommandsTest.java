package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {

  @Test
  void aCommandThatIsNamedComesAlone() {
    assertEquals(Set.of("check"), known("check --conf run"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--port 9000", "--roles=gateway --cluster"})
  void whoNamesNoneGetsNone(String line) {
    assertEquals(Set.of(), known(line));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--port 9000 -h", "--help run", "--port 9000 run"})
  void whoAsksOrNamesOneLateGetsAll(String line) {
    assertEquals(Set.of("run", "check", "drill", "explain", "drain", "version"), known(line));
  }

  private static Set<String> known(String line) {
    return Commands.of(line.isEmpty() ? new String[0] : line.split(" ")).getSubcommands().keySet();
  }
}
