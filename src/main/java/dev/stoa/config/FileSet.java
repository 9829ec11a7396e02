package dev.stoa.config;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The raw content of the configuration's files at one moment; absent files are absent here, those
 * that exist and cannot be read are errors. Equal if the contents are.
 */
record FileSet(Map<String, Buffer> contents, List<ConfigError> errors) {
  static final int MAX_BYTES = 1 << 20;
  private static final int MAX_NOTHING = 16;
  static final FileSet EMPTY = new FileSet(Map.of(), List.of());

  /** Reads the files of these names; blocks. */
  static FileSet read(Path directory, List<String> names) {
    Map<String, Buffer> contents = new TreeMap<>();
    List<ConfigError> errors = new ArrayList<>();
    for (String name : names) {
      Path file = directory.resolve(name);
      try {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
          errors.add(new ConfigError(file.toString(), "", "a regular file", "something else"));
        } else {
          contents.put(name, Buffer.buffer(bytes(file)));
        }
      } catch (NoSuchFileException e) {
        if (Files.isSymbolicLink(file)) {
          errors.add(new ConfigError(file.toString(), "", "a file", "a link to nothing"));
        }
      } catch (TooLargeException e) {
        String expected = "at most " + MAX_BYTES + " bytes";
        errors.add(new ConfigError(file.toString(), "", expected, "more"));
      } catch (IOException e) {
        String found = e.getClass().getSimpleName();
        errors.add(new ConfigError(file.toString(), "", "a readable file", found));
      }
    }
    return new FileSet(contents, List.copyOf(errors));
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new TooLargeException();
      }
      return bytes;
    }
  }

  /** The same files with another content for one of them. */
  FileSet with(String name, Buffer content) {
    Map<String, Buffer> changed = new TreeMap<>(contents);
    changed.put(name, content);
    return new FileSet(changed, errors);
  }

  /** The same files but for one, if it is there. */
  FileSet without(Optional<String> name) {
    Map<String, Buffer> fewer = new TreeMap<>(contents);
    name.ifPresent(fewer::remove);
    return new FileSet(fewer, errors);
  }

  /**
   * Files that were saved half: what is there is the beginning of the last good content, and the
   * newline at its end is missing. An empty file is an error of its own.
   */
  List<ConfigError> truncatedSince(FileSet good, Path directory) {
    List<ConfigError> truncated = new ArrayList<>();
    good.contents.forEach(
        (name, before) -> {
          Buffer now = contents.get(name);
          if (now != null && isTruncated(before, now)) {
            String found = "the first " + now.length() + " bytes of the last good content";
            String expected = "the whole file, or a newline at its end";
            truncated.add(new ConfigError(directory.resolve(name).toString(), "", expected, found));
          }
        });
    return truncated;
  }

  private static boolean isTruncated(Buffer before, Buffer now) {
    return now.length() > 0
        && now.length() < before.length()
        && before.slice(0, now.length()).equals(now)
        && endsInNewline(before)
        && !endsInNewline(now);
  }

  private static boolean endsInNewline(Buffer content) {
    return content.length() > 0 && content.getByte(content.length() - 1) == '\n';
  }

  /**
   * Files of these names that were part of {@code running} and are gone, unless they said nothing.
   */
  List<ConfigError> vanishedSince(FileSet running, Path directory, List<String> names) {
    return running.contents.keySet().stream()
        .filter(names::contains)
        .filter(name -> !contents.containsKey(name) && !saysNothing(running.contents.get(name)))
        .map(directory::resolve)
        .filter(file -> errors.stream().noneMatch(e -> e.file().equals(file.toString())))
        .map(
            file ->
                new ConfigError(
                    file.toString(), "", "the file, as it is part of what runs", "no file"))
        .toList();
  }

  /** So that a file can be taken away on purpose: emptied first. */
  private static boolean saysNothing(Buffer content) {
    return content.length() <= MAX_NOTHING && content.toString().strip().equals("{}");
  }

  /** A hash of all names and contents. */
  private String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      contents.forEach(
          (name, content) -> {
            sha.update((name + '\0' + content.length() + '\0').getBytes(StandardCharsets.UTF_8));
            sha.update(content.getBytes());
          });
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Enough of it for names. */
  String shortDigest() {
    return digest().substring(0, 16);
  }

  private static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
