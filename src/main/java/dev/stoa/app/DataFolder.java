package dev.stoa.app;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigException;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** The folder of the databases and of what else outlives the process. */
final class DataFolder {
  private DataFolder() {}

  /**
   * Makes the folder, for its owner only, where it is not there yet. What is there is left as it
   * is: who made it decided who may look into it.
   *
   * @throws ConfigException where it cannot be used, in words for the person who started the
   *     process
   */
  static void prepare(Path folder) {
    if (folder.toString().contains("?")) {
      // Everything behind it would be read as settings of the database, and durability lost.
      throw unusable(folder, "a path without a question mark", folder.toString());
    }
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, ownerOnly(folder.getFileSystem()));
      }
    } catch (FileSystemException e) {
      throw unusable(folder, "a folder, or a place for a new one", describe(e));
    } catch (IOException e) {
      throw unusable(folder, "a folder, or a place for a new one", e.toString());
    }
    if (!Files.isWritable(folder)) {
      throw unusable(folder, "a folder that may be written to", "one that may not");
    }
  }

  private static String describe(FileSystemException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " at " + e.getFile();
  }

  private static ConfigException unusable(Path folder, String expected, String found) {
    return new ConfigException(
        List.of(new ConfigError("data folder " + folder, "", expected, found)));
  }

  private static FileAttribute<?>[] ownerOnly(FileSystem system) {
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
    return system.supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(owner)}
        : new FileAttribute<?>[0];
  }
}
