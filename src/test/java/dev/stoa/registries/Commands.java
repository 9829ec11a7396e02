package dev.stoa.registries;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands that have to succeed. */
final class Commands {
  private static final long MINUTES = 10;

  private Commands() {}

  /** Runs one to its end in this folder; throws, with what it said, where it fails. */
  static void run(Path folder, List<String> command) throws IOException {
    Path output = Files.createTempFile(folder, "command-", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(command + " failed:\n" + Files.readString(output));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new IOException(command + " was interrupted", e);
    } finally {
      Files.delete(output);
    }
  }
}
