package dev.stoa.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.stoa.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path home;

  @Test
  void isMadeForItsOwnerOnly() throws IOException {
    Path folder = home.resolve("shop/data");

    DataFolder.prepare(folder);

    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void leavesAFolderThatIsThereAsItIs() throws IOException {
    Path folder = Files.createDirectory(home.resolve("data"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));

    DataFolder.prepare(folder);

    assertEquals("rwxr-x---", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void aFileInItsPlaceIsExplained() throws IOException {
    Path file = Files.createFile(home.resolve("data"));

    String message =
        assertThrows(ConfigException.class, () -> DataFolder.prepare(file)).getMessage();

    assertTrue(message.contains("data folder " + file + ": expected a folder"), message);
  }

  @Test
  void aQuestionMarkWouldCutTheDatabasesSettingsOff() {
    Path folder = home.resolve("what?");

    String message =
        assertThrows(ConfigException.class, () -> DataFolder.prepare(folder)).getMessage();

    assertTrue(message.contains("question mark"), message);
    assertFalse(Files.exists(folder));
  }
}
