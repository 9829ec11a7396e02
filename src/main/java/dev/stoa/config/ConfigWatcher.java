package dev.stoa.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls back, on a thread of its own, when anything happens in a directory: a file written, renamed
 * over, or Kubernetes' swap of {@code ..data}. Watches the directory, not files, since an inode
 * tells nothing of its successor. Follows the directory when it is deleted and created again. A
 * hint only: where the system cannot watch (or what changes is behind a link), the caller's own
 * regular look finds it.
 */
final class ConfigWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatcher.class);
  private static final long RECHECK_MILLIS = 500;

  private final Path directory;
  private final Runnable onEvent;
  private final WatchService service;
  private Object watched;
  private WatchKey key;

  private ConfigWatcher(Path directory, Runnable onEvent, WatchService service) {
    this.directory = directory;
    this.onEvent = onEvent;
    this.service = service;
  }

  /** A running watcher; empty where the system cannot watch. */
  static Optional<ConfigWatcher> start(Path directory, Runnable onEvent) {
    try {
      WatchService service = directory.getFileSystem().newWatchService();
      ConfigWatcher watcher = new ConfigWatcher(directory, onEvent, service);
      Thread thread = new Thread(watcher::run, "stoa-config-watcher");
      thread.setDaemon(true);
      thread.start();
      return Optional.of(watcher);
    } catch (IOException | UnsupportedOperationException e) {
      LOG.warn("cannot watch {}, looking at it regularly instead", directory, e);
      return Optional.empty();
    }
  }

  private void run() {
    try {
      while (true) {
        follow();
        WatchKey signalled = service.poll(RECHECK_MILLIS, TimeUnit.MILLISECONDS);
        if (signalled != null) {
          signalled.pollEvents();
          if (!signalled.reset()) {
            watched = null;
          }
          onEvent.run();
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("no longer watching {}", directory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Registers the directory that stands at the path now, if it is another one than before. */
  private void follow() {
    try {
      Object present = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
      if (watched == null || !watched.equals(present)) {
        if (key != null) {
          key.cancel();
        }
        key =
            directory.register(
                service,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
        watched = present == null ? directory : present;
        onEvent.run();
      }
    } catch (IOException e) {
      watched = null;
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
