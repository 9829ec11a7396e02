package dev.stoa.app;

import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigException;
import dev.stoa.config.ConfigLayers;
import dev.stoa.service.ServiceModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
      description =
          "what this process takes on (all): gateway, users, products, orders, payments, console,"
              + " or the name of an added service")
  private List<String> chosen = List.of();

  @Option(names = "--cluster", description = "joins the cluster of the members in cluster.members")
  private boolean cluster;

  @Option(names = "--port", paramLabel = "N", description = "port of the gateway (8000)")
  private Integer port;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "one configuration value; may be repeated")
  private Map<String, String> values = new TreeMap<>();

  /**
   * Does what the option does on the command line.
   *
   * @return false where there is no such option, or the value is in doubt
   */
  boolean take(String option, String value) {
    return switch (option) {
      case "--conf" -> (conf = Path.of(value)) != null;
      case "--data" -> (data = Path.of(value)) != null;
      case "--profile" -> (profile = Profile.known(value).orElse(null)) != null;
      case "--roles" -> !(chosen = List.of(value.split(",", -1))).contains("");
      case "--cluster" -> cluster = true;
      case "--port" -> (port = number(value)) != null;
      case "--set" -> set(value.indexOf('='), value);
      default -> false;
    };
  }

  private boolean set(int equals, String value) {
    return equals > 0
        && equals < value.length() - 1
        && values.put(value.substring(0, equals), value.substring(equals + 1)) == null;
  }

  private static Integer number(String value) {
    boolean plain = value.length() < 6 && value.chars().allMatch(c -> c >= '0' && c <= '9');
    return plain ? Integer.valueOf(value) : null;
  }

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

  /** What of the system runs in this process. */
  Set<Role> roles() {
    Set<Role> roles =
        Arrays.stream(Role.values())
            .filter(role -> chosen.isEmpty() || chosen.contains(role.toString()))
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    if (roles.contains(Role.CONSOLE) && !roles.contains(Role.GATEWAY)) {
      String why = "console is a page of the gateway, so it needs gateway in the same process";
      throw new ConfigException(
          List.of(new ConfigError("command line", "--roles", why, roles.toString())));
    }
    return roles;
  }

  /** Which services of the class path run beside it. */
  List<ServiceModule> added() {
    Map<String, ServiceModule> found = AddedServices.found();
    for (String name : chosen) {
      if (!found.containsKey(name)
          && Arrays.stream(Role.values()).noneMatch(role -> role.toString().equals(name))) {
        Set<String> known = new TreeSet<>(found.keySet());
        Arrays.stream(Role.values()).map(Role::toString).forEach(known::add);
        throw new ConfigException(
            List.of(
                new ConfigError("command line", "--roles", "some of " + known, '"' + name + '"')));
      }
    }
    return found.values().stream()
        .filter(module -> chosen.isEmpty() || chosen.contains(module.service()))
        .toList();
  }

  boolean cluster() {
    return cluster;
  }

  /** Where the configuration comes from, and values that go before all others. */
  ConfigLayers layers(Map<String, String> more) {
    Map<String, String> line = new TreeMap<>(values);
    line.putAll(more);
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
