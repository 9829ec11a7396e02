package dev.stoa.app;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigException;
import dev.stoa.config.ConfigLayers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/**
 * What decides how a process starts and cannot be reloaded: options, and in their absence the
 * environment.
 */
final class Settings {
  private static final Path CONTAINER_CONF = Path.of("/etc/config");

  private final Map<String, String> environment = System.getenv();
  private final Properties properties = System.getProperties();

  @Option(
      names = "--conf",
      paramLabel = "DIR",
      description = "folder of config.yaml and routes.yaml (conf/)")
  private Path conf;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "folder of the embedded databases (data/)")
  private Path data;

  @Option(names = "--profile", paramLabel = "P", description = "dev, test or prod (dev)")
  private Profile profile;

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      split = ",",
      description = "what this process takes on (all): ${COMPLETION-CANDIDATES}")
  private Set<Role> roles = EnumSet.allOf(Role.class);

  @Option(names = "--cluster", description = "joins the cluster of the members in cluster.members")
  private boolean cluster;

  @Option(names = "--port", paramLabel = "N", description = "port of the gateway (8000)")
  private Integer port;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "one configuration value; may be repeated")
  private Map<String, String> values = new TreeMap<>();

  Path conf() {
    if (conf != null) {
      if (!Files.isDirectory(conf)) {
        // Its default may be absent; a folder that somebody names is meant.
        throw new ConfigException(
            List.of(new ConfigError("command line", "--conf", "a folder", "none at " + conf)));
      }
      return conf;
    }
    Path here = Path.of("conf");
    return Files.isDirectory(here) || !Files.isDirectory(CONTAINER_CONF) ? here : CONTAINER_CONF;
  }

  Path data() {
    return Optional.ofNullable(data)
        .or(() -> told("data.dir", "APP_DATA_DIR").map(Path::of))
        .orElse(Path.of("data"));
  }

  Profile profile() {
    return Optional.ofNullable(profile)
        .or(() -> told("profile", "APP_PROFILE").map(Profile::named))
        .orElse(Profile.DEV);
  }

  Set<Role> roles() {
    if (roles.contains(Role.CONSOLE) && !roles.contains(Role.GATEWAY)) {
      String why = "console is a page of the gateway, so it needs gateway in the same process";
      throw new ConfigException(
          List.of(new ConfigError("command line", "--roles", why, roles.toString())));
    }
    return roles;
  }

  boolean cluster() {
    return cluster;
  }

  ConfigLayers layers() {
    Map<String, String> line = new TreeMap<>(values);
    if (port != null) {
      line.put("gateway.port", port.toString());
    }
    return ConfigLayers.in(conf(), profile().toString())
        .defaults("/stoa-defaults.yaml")
        .environment(environment)
        .systemProperties(properties)
        .commandLine(line);
  }

  private Optional<String> told(String property, String variable) {
    return Optional.ofNullable(properties.getProperty("stoa." + property))
        .or(() -> Optional.ofNullable(environment.get(variable)));
  }
}
