package dev.stoa.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/**
 * The secret of tokens in the profile {@code dev} where none is configured: made once, random, and
 * kept beside the databases so that tokens outlive a restart. Readable by its owner only.
 */
final class DevSecret {
  private static final int BYTES = 48;
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private DevSecret() {}

  /** The secret that the data folder, which is there, holds; made where it holds none. */
  static String in(Path data) throws IOException {
    Path file = data.resolve("dev-jwt-secret");
    if (!Files.exists(file)) {
      Path made = Files.createTempFile(data, "secret", "", OWNER_ONLY);
      Files.writeString(made, random());
      Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.readString(file);
  }

  /** The secret that the data folder holds, for who only looks; a new one where it holds none. */
  static String lookUp(Path data) throws IOException {
    Path file = data.resolve("dev-jwt-secret");
    return Files.isReadable(file) ? Files.readString(file) : random();
  }

  /** A new secret, kept nowhere. */
  static String random() {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }
}
