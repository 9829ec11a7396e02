package dev.stoa.persistence;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native part of SQLite. The driver unpacks it, too, but then compares the copy with the
 * original byte by byte, which takes a tenth of the whole start; and what it unpacked stays behind
 * where the process is killed. This copy lies in a folder that nobody else may enter and is gone
 * once it is loaded.
 */
final class SqliteLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

  /** Where it lies unpacked already; somebody's own choice comes first. */
  private static final String UNPACKED = "org.sqlite.lib.path";

  private static final String TEMPORARY =
      System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));

  private SqliteLibrary() {}

  /** Once in a process; later calls wait for the first. Where it fails, the driver has its way. */
  static void load() {
    Loaded.begin();
  }

  private static void unpack() {
    String name = LibraryLoaderUtil.getNativeLibName();
    String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
    try (InputStream packed = JDBC.class.getResourceAsStream(resource)) {
      if (packed == null) {
        return;
      }
      Path folder = Files.createTempDirectory(Path.of(TEMPORARY), "stoa-sqlite-");
      Path file = folder.resolve(name);
      try {
        Files.copy(packed, file);
        System.setProperty(UNPACKED, folder.toString());
        SQLiteJDBCLoader.initialize();
      } finally {
        System.clearProperty(UNPACKED);
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder);
      }
    } catch (Exception e) {
      LOG.debug("the native part of SQLite is left to its driver", e);
    }
  }

  /** The virtual machine sees to it that this happens once. */
  private static final class Loaded {
    static {
      // A file in use cannot be removed on Windows; the driver clears up at the next start.
      boolean removable = !System.getProperty("os.name", "").startsWith("Windows");
      if (removable && System.getProperty(UNPACKED) == null) {
        unpack();
      }
    }

    private static void begin() {}
  }
}
