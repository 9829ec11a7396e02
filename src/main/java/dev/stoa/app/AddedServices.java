package dev.stoa.app;

import dev.stoa.service.ServiceModule;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The services of the class path that are not built in. */
final class AddedServices {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,61}[a-z0-9]");

  /** What was found, or why that cannot be used; found once, as the class path does not change. */
  private record Found(Map<String, ServiceModule> modules, Optional<StartFailure> failure) {
    static Found look() {
      try {
        return new Found(find(), Optional.empty());
      } catch (StartFailure e) {
        return new Found(Map.of(), Optional.of(e));
      }
    }
  }

  private static final Found FOUND = Found.look();

  private AddedServices() {}

  /**
   * By name.
   *
   * @throws StartFailure where one of them cannot be used
   */
  static Map<String, ServiceModule> found() {
    FOUND
        .failure()
        .ifPresent(
            failure -> {
              throw failure;
            });
    return FOUND.modules();
  }

  /** Where those that can be used listen unless the configuration says otherwise, by name. */
  static Map<String, Integer> ports() {
    Map<String, Integer> ports = new TreeMap<>();
    FOUND.modules().forEach((name, module) -> ports.put(name, module.port()));
    return ports;
  }

  private static Map<String, ServiceModule> find() {
    Map<String, ServiceModule> found = new TreeMap<>();
    try {
      for (ServiceModule module : ServiceLoader.load(ServiceModule.class)) {
        String name = module.service();
        if (name == null || !NAME.matcher(name).matches()) {
          throw new StartFailure(module.getClass().getName(), "", wrong("name", name));
        }
        boolean builtIn =
            Arrays.stream(Role.values())
                .anyMatch(
                    role ->
                        role.toString().equals(name)
                            || role.service().stream().anyMatch(name::equals));
        if (builtIn || found.put(name, module) != null) {
          throw new StartFailure(module.getClass().getName(), "", wrong("name of its own", name));
        }
      }
    } catch (ServiceConfigurationError e) {
      throw new StartFailure("a service of the class path", "", e);
    }
    return Map.copyOf(found);
  }

  private static IllegalArgumentException wrong(String wanted, String found) {
    return new IllegalArgumentException("its service needs a " + wanted + ", found " + found);
  }
}
