package dev.stoa.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One file of the page.
 *
 * @param tag its entity tag (RFC 9110, section 8.8.3), which follows from its content
 */
record PageFile(String type, String tag, Buffer content) {
  private static final String FOLDER = "/console/";

  /** Names of files in folders, and nothing that climbs out of them. */
  private static final Pattern NAME = Pattern.compile("(?:[a-z0-9-]+/)*[a-z0-9-]+\\.([a-z]+)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  private static final int TAG_BYTES = 12;

  /** Reads a file from the class path; empty where there is none of this name. Blocks. */
  static Optional<PageFile> read(String name) throws IOException {
    var matcher = NAME.matcher(name);
    if (name.length() > 100 || !matcher.matches() || !TYPES.containsKey(matcher.group(1))) {
      return Optional.empty();
    }
    try (InputStream in = PageFile.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] bytes = in.readAllBytes();
      String type = TYPES.get(matcher.group(1));
      return Optional.of(new PageFile(type, tagOf(bytes), Buffer.buffer(bytes)));
    }
  }

  /** Whether a client that sends this has the file already. */
  boolean isKnownTo(String ifNoneMatch) {
    return ifNoneMatch != null && ifNoneMatch.contains(tag);
  }

  private static String tagOf(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(hash, 0, TAG_BYTES) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
