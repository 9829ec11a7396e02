package dev.stoa.config;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A folder of configuration files, and the configurations that tests make of it; closes them. */
final class ConfigFixture<T> implements AutoCloseable {
  /** Sees changes soon. */
  static final Reload.Pace QUICK =
      new Reload.Pace(Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofMillis(200));

  private final Vertx vertx;
  private final Configuration.Meaning<T> meaning;
  private final Path conf;
  private final Path data;
  private final List<Configuration<T>> open = new ArrayList<>();

  ConfigFixture(Vertx vertx, Path base, Configuration.Meaning<T> meaning) throws IOException {
    this.vertx = vertx;
    this.meaning = meaning;
    this.conf = Files.createDirectory(base.resolve("conf"));
    this.data = base.resolve("data");
  }

  Path conf() {
    return conf;
  }

  Path data() {
    return data;
  }

  void write(String name, String text) {
    try {
      Files.writeString(conf.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a process has it that has just begun; keeps what it learns for the next one. */
  Configuration<T> configuration(ConfigLayers layers, Reload.Pace pace) {
    Configuration<T> configuration =
        new Configuration<>(vertx, layers, Optional.of(data), meaning, pace);
    open.add(configuration);
    return configuration;
  }

  Configuration<T> started(ConfigLayers layers, Reload.Pace pace) {
    Configuration<T> configuration = configuration(layers, pace);
    result(configuration.start());
    return configuration;
  }

  /** What came of it; the failure as the cause of a CompletionException. */
  static <R> R result(Future<R> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    open.forEach(configuration -> result(configuration.close()));
  }
}
