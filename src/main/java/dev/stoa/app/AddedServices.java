package dev.stoa.app;

import dev.stoa.config.Live;
import dev.stoa.service.Chassis;
import dev.stoa.service.ModuleVerticle;
import dev.stoa.service.ServiceModule;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that are not built in: those of the class path, and those of them that run in this
 * process.
 */
final class AddedServices {
  private static final Logger LOG = LoggerFactory.getLogger(AddedServices.class);
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

  private final List<String> deployments = new ArrayList<>();

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

  /** Deploys these; fails where one of them cannot start. */
  Future<Void> deploy(
      Vertx vertx, Chassis chassis, Live<StoaConfig> live, List<ServiceModule> modules) {
    StoaConfig config = live.get();
    List<Future<?>> beside = new ArrayList<>();
    for (ServiceModule module : modules) {
      var service = config.services().get(module.service());
      beside.add(
          vertx
              .deployVerticle(new ModuleVerticle(chassis, service, config.database(), module))
              .onSuccess(this::deployed)
              .recover(
                  failure ->
                      Future.failedFuture(
                          new StartFailure(
                              module.service(), service.host() + ":" + service.port(), failure))));
    }
    return Future.join(beside).mapEmpty();
  }

  private synchronized void deployed(String deployment) {
    deployments.add(deployment);
  }

  synchronized Future<Void> undeploy(Vertx vertx) {
    List<Future<Void>> beside =
        deployments.stream()
            .map(
                id ->
                    vertx
                        .undeploy(id)
                        .onFailure(failure -> LOG.warn("{} did not stop cleanly", id, failure)))
            .toList();
    deployments.clear();
    return Future.join(beside).mapEmpty();
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
