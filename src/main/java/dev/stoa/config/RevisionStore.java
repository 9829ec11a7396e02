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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of configurations that were in force, kept on disk so that a bad edit and a restart do
 * not combine into an outage, and so that there is a way back. One place per configuration
 * directory and profile:
 *
 * <pre>
 * last-good-config/&lt;hash of directory and profile&gt;/revisions.json      which sets were in force
 * last-good-config/&lt;hash of directory and profile&gt;/&lt;digest&gt;/config.yaml …
 * last-good-config/&lt;hash of directory and profile&gt;/consul-kv.json    what a central store said last
 * </pre>
 *
 * A set is complete on disk before {@code revisions.json} names it, and its name is the hash of its
 * content, so a crash leaves the old state or the new one, and a damaged set is not used. Readable
 * by the owner only: the files may hold secrets. Blocks; for one thread.
 */
final class RevisionStore {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionStore.class);
  private static final String INDEX = "revisions.json";

  private final Path home;
  private final List<String> fileNames;

  RevisionStore(Path dataDirectory, ConfigLayers layers) {
    String place = layers.directory().toAbsolutePath().normalize() + "\0" + layers.profile();
    String hash = new FileSet(Map.of(place, Buffer.buffer()), List.of()).shortDigest();
    this.home = dataDirectory.resolve("last-good-config").resolve(hash);
    this.fileNames = new ArrayList<>(layers.fileNames());
    layers.storeFile().ifPresent(fileNames::add);
  }

  /** The index as it was saved; empty where there is none that can be used. */
  RevisionIndex load() {
    try {
      return RevisionIndex.parse(Files.readString(home.resolve(INDEX)));
    } catch (NoSuchFileException e) {
      LOG.debug("no configuration is kept in {}", home);
    } catch (IOException | RuntimeException e) {
      LOG.warn("the kept configurations in {} are not used: {}", home, e.toString());
    }
    return RevisionIndex.EMPTY;
  }

  /** A kept set, if it is there and undamaged. */
  Optional<FileSet> files(String digest) {
    FileSet files = FileSet.read(home.resolve(digest), fileNames);
    boolean whole = files.errors().isEmpty() && files.shortDigest().equals(digest);
    if (!whole) {
      LOG.warn("the configuration {} in {} is damaged or gone, and not used", digest, home);
    }
    return whole ? Optional.of(files) : Optional.empty();
  }

  /** Keeps the set in force and this index, and of the other sets those that it names. */
  void save(FileSet inForce, RevisionIndex index) throws IOException {
    Path set = home.resolve(inForce.shortDigest());
    makeHome();
    if (!Files.exists(set) || files(inForce.shortDigest()).isEmpty()) {
      createPrivate(set);
      for (Map.Entry<String, Buffer> file : inForce.contents().entrySet()) {
        write(set.resolve(file.getKey()), file.getValue().getBytes());
      }
      sync(set);
    }
    replace(INDEX, index.text().getBytes(StandardCharsets.UTF_8));
    forgetAllBut(index.digests());
  }

  /** What a central store said last, of whatever use that may be. */
  Optional<Buffer> heard(String name) {
    try {
      return Optional.of(Buffer.buffer(Files.readAllBytes(home.resolve(name))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("{} in {} cannot be read: {}", name, home, e.toString());
      return Optional.empty();
    }
  }

  /** Keeps what a central store said; a disk that cannot be written is told of. */
  void hear(String name, Buffer said) {
    try {
      makeHome();
      replace(name, said.getBytes());
    } catch (IOException e) {
      LOG.warn("{} is not kept on disk: {}", name, e.toString());
    }
  }

  /** The store is not asked any more. */
  void unhear(String name) {
    try {
      Files.deleteIfExists(home.resolve(name));
    } catch (IOException e) {
      LOG.warn("{} in {} cannot be deleted: {}", name, home, e.toString());
    }
  }

  private void makeHome() throws IOException {
    Files.createDirectories(home.getParent().getParent());
    createPrivate(home.getParent());
    createPrivate(home);
  }

  private void replace(String name, byte[] content) throws IOException {
    Path temporary = home.resolve(name + ".tmp");
    write(temporary, content);
    Files.move(temporary, home.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    sync(home);
  }

  private void forgetAllBut(Set<String> digests) throws IOException {
    try (Stream<Path> sets = Files.list(home)) {
      for (Path set : sets.filter(Files::isDirectory).toList()) {
        if (!digests.contains(set.getFileName().toString())) {
          try (Stream<Path> files = Files.walk(set)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.deleteIfExists(file);
            }
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
