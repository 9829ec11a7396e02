package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of the last good configuration, kept on disk so that a bad edit and a restart do not
 * combine into an outage. One place per configuration directory and profile:
 *
 * <pre>
 * last-good-config/&lt;hash of directory and profile&gt;/current            names the set in force
 * last-good-config/&lt;hash of directory and profile&gt;/&lt;digest&gt;/config.yaml …
 * </pre>
 *
 * A set is complete on disk before {@code current} names it, and its name is the hash of its
 * content, so a crash leaves the old set or the new one, and a damaged set is not used. Readable by
 * the owner only: the files may hold secrets. Blocks; for one thread.
 */
final class LastGood {
  private static final Logger LOG = LoggerFactory.getLogger(LastGood.class);
  private static final String CURRENT = "current";

  private final Path home;
  private final List<String> fileNames;

  LastGood(Path dataDirectory, ConfigLayers layers) {
    String place = layers.directory().toAbsolutePath().normalize() + "\0" + layers.profile();
    String hash = new FileSet(Map.of(place, Buffer.buffer()), List.of()).shortDigest();
    this.home = dataDirectory.resolve("last-good-config").resolve(hash);
    this.fileNames = layers.fileNames();
  }

  /** The kept files, if there are any and they are undamaged. */
  Optional<FileSet> load() {
    try {
      String digest = Files.readString(home.resolve(CURRENT));
      FileSet files = FileSet.read(home.resolve(digest), fileNames);
      if (files.shortDigest().equals(digest)) {
        return Optional.of(files);
      }
      LOG.warn("the last good configuration in {} is damaged and not used", home);
    } catch (NoSuchFileException e) {
      LOG.debug("no last good configuration in {}", home);
    } catch (IOException | RuntimeException e) {
      LOG.warn("the last good configuration in {} cannot be read", home, e);
    }
    return Optional.empty();
  }

  /** Keeps these files in place of those kept before. */
  void save(FileSet files) throws IOException {
    String digest = files.shortDigest();
    Path current = home.resolve(CURRENT);
    if (Files.exists(current) && Files.readString(current).equals(digest)) {
      return;
    }
    Path set = home.resolve(digest);
    Files.createDirectories(home.getParent().getParent());
    for (Path directory : List.of(home.getParent(), home, set)) {
      createPrivate(directory);
    }
    for (Map.Entry<String, Buffer> file : files.contents().entrySet()) {
      write(set.resolve(file.getKey()), file.getValue().getBytes());
    }
    sync(set);
    Path temporary = home.resolve(CURRENT + ".tmp");
    write(temporary, digest.getBytes(StandardCharsets.UTF_8));
    Files.move(temporary, current, StandardCopyOption.ATOMIC_MOVE);
    sync(home);
    forgetAllBut(set);
  }

  private void forgetAllBut(Path set) throws IOException {
    try (Stream<Path> sets = Files.list(home)) {
      for (Path other : sets.filter(Files::isDirectory).filter(s -> !s.equals(set)).toList()) {
        try (Stream<Path> files = Files.walk(other)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
    }
  }

  private static void createPrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(directory, permissions(directory, "rwx------"));
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    Files.deleteIfExists(file);
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, permissions(file, "rw-------"))) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String posix) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(posix))
        }
        : new FileAttribute<?>[0];
  }
}
