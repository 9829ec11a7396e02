package dev.stoa.app;

import dev.stoa.config.ConfigLayers;
import dev.stoa.config.Configuration;
import dev.stoa.discovery.ConsulKeys;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Makes the configuration of this process out of its settings. */
final class Configurations {
  private Configurations() {}

  /**
   * The configuration, not started yet.
   *
   * @param devSecret the secret of tokens in the profile dev, if none is configured
   */
  static Configuration<StoaConfig> of(Vertx vertx, Settings settings, String devSecret) {
    return new Configuration<>(
        vertx, layers(vertx, settings, Map.of()), settings.data(), meaning(settings, devSecret));
  }

  /** The same to look at: it keeps nothing, and does not start with what was kept. */
  static Configuration<StoaConfig> look(
      Vertx vertx, Settings settings, String devSecret, Map<String, String> more) {
    return new Configuration<>(vertx, layers(vertx, settings, more), meaning(settings, devSecret));
  }

  private static ConfigLayers layers(Vertx vertx, Settings settings, Map<String, String> more) {
    return settings.layers(more).store(new ConsulKeys(vertx));
  }

  private static Configuration.Meaning<StoaConfig> meaning(Settings settings, String devSecret) {
    Profile profile = settings.profile();
    Path data = settings.data();
    boolean clustered = settings.cluster();
    Optional<String> fallback = profile.lenient() ? Optional.of(devSecret) : Optional.empty();
    return new Configuration.Meaning<>(
        root -> StoaConfig.from(root, profile, data, fallback, clustered),
        StoaConfig::restartNeeded,
        StoaConfig::isOfOneNode);
  }
}
