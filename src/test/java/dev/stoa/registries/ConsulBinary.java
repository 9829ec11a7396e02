package dev.stoa.registries;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The program {@code consul}: the one on the path, or else Debian 11's package (Debian 12 has
 * none), a static binary, fetched with apt from wherever this machine's apt fetches, and kept for
 * the next run.
 */
final class ConsulBinary {
  private static final Path CACHE = Path.of("target", "consul").toAbsolutePath();
  private static final Path KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
  private static final Pattern SOURCE =
      Pattern.compile("(?m)^(?:URIs:\\s*|deb\\s+(?:\\[[^]]*]\\s+)?)(\\S+?/debian/?)(?:\\s|$)");

  private ConsulBinary() {}

  static synchronized Path path() {
    try {
      Path kept = CACHE.resolve("consul");
      Optional<Path> onPath = onPath();
      if (onPath.isPresent()) {
        return onPath.get();
      }
      if (!Files.isExecutable(kept)) {
        Files.move(fetch(), kept, StandardCopyOption.REPLACE_EXISTING);
      }
      return kept;
    } catch (IOException e) {
      throw new AssertionError("there is no consul, and it could not be fetched", e);
    }
  }

  private static Optional<Path> onPath() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, "consul"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Path fetch() throws IOException {
    Path lists = Files.createDirectories(CACHE.resolve("lists"));
    Path archive = Files.createDirectories(CACHE.resolve("cache"));
    Files.createDirectories(lists.resolve("partial"));
    Files.createDirectories(archive.resolve("archives").resolve("partial"));
    Path sources = CACHE.resolve("bullseye.list");
    String trust = Files.exists(KEYS) ? "[signed-by=" + KEYS + "] " : "";
    Files.writeString(sources, "deb " + trust + mirror() + " bullseye main\n");
    List<String> apt =
        List.of(
            "apt-get",
            "-q",
            "-o",
            "Dir::Etc::sourcelist=" + sources,
            "-o",
            "Dir::Etc::sourceparts=/dev/null",
            "-o",
            "Dir::State::Lists=" + lists,
            "-o",
            "Dir::Cache=" + archive,
            "-o",
            "Acquire::Languages=none");
    Commands.run(CACHE, Stream.concat(apt.stream(), Stream.of("update")).toList());
    Commands.run(CACHE, Stream.concat(apt.stream(), Stream.of("download", "consul")).toList());
    try (Stream<Path> files = Files.list(CACHE)) {
      Path deb =
          files
              .filter(file -> file.getFileName().toString().matches("consul_.*\\.deb"))
              .findFirst()
              .orElseThrow();
      Commands.run(CACHE, List.of("dpkg", "-x", deb.toString(), "unpacked"));
      Files.delete(deb);
    }
    return CACHE.resolve(Path.of("unpacked", "usr", "bin", "consul"));
  }

  /** Where this machine's apt fetches Debian from. */
  private static String mirror() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("/etc/apt"), 2)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(list|sources)")).toList()) {
        Matcher matcher = SOURCE.matcher(Files.readString(file));
        if (matcher.find()) {
          return matcher.group(1);
        }
      }
    }
    throw new IOException("apt's sources name no place that has Debian's packages");
  }
}
