package dev.stoa.app;

import dev.stoa.config.Configuration;
import dev.stoa.observability.Metrics;
import dev.stoa.service.Contracts;
import dev.stoa.service.ServiceModule;
import dev.stoa.users.AdminPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "run",
    description = "Starts the system (the default).",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  /** How long answers under way may take after a second signal. */
  private static final Duration HURRIED = Duration.ofSeconds(2);

  @Mixin private Settings settings;

  @Override
  public Integer call() throws Exception {
    return run(settings);
  }

  /** Starts and returns; the process lives on its event loops until it is told to end. */
  static int run(Settings settings) throws Exception {
    Banner banner = new Banner(System.out);
    Profile profile = settings.profile();
    List<ServiceModule> added = settings.added();
    Logs.begin(profile);
    if (needsData(settings, profile)) {
      DataFolder.prepare(settings.data());
    }
    Metrics metrics = new Metrics();
    Vertx vertx = vertx(settings, metrics);
    try {
      // The slowest part of the start, beside everything else.
      Contracts contracts = new Contracts(vertx);
      contracts.preload(
          settings.roles().stream().flatMap(role -> role.service().stream()).toList());
      contracts.preload(added.stream().map(ServiceModule::service).toList());
      String devSecret = profile.lenient() ? DevSecret.in(settings.data()) : "";
      Configuration<StoaConfig> configuration = Configurations.of(vertx, settings, devSecret);
      configuration.onStart(first -> Logs.apply(first.log(), first.node()));
      StoaConfig config = Futures.await(configuration.start());
      AdminPolicy admins =
          profile.lenient() ? AdminPolicy.generate(banner::admin) : AdminPolicy.configuredOnly();
      Stoa stoa =
          new Stoa(
              vertx, settings.data(), contracts, configuration, admins, metrics, RunCommand::end);
      Futures.await(stoa.start(settings.roles(), added));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stoa, vertx), "stoa-stop"));
      Signals.hurryBy(() -> hurry(stoa));
      banner.started(profile, settings.roles(), added, config);
      // Not before: what looks into the JVM is a hundred classes, and nobody waits for it.
      metrics.watchProcess(vertx);
      return ExitCode.OK;
    } catch (Exception e) {
      Futures.await(vertx.close());
      throw e;
    }
  }

  private static Vertx vertx(Settings settings, Metrics metrics) throws Exception {
    return settings.cluster()
        ? Membership.join(settings, metrics)
        : metrics.watch(Vertx.builder(), new VertxOptions()).build();
  }

  /** A gateway alone runs on a read-only disk: it merely cannot keep its last good files. */
  private static boolean needsData(Settings settings, Profile profile) {
    return profile.lenient()
        || !settings.added().isEmpty()
        || settings.roles().stream().anyMatch(role -> role.service().isPresent());
  }

  /** By the hook above, and therefore from a thread that nobody waits for. */
  private static void end() {
    new Thread(() -> System.exit(ExitCode.OK), "stoa-drain").start();
  }

  /** What is under way then has a moment left; what is on disk is safe in any case. */
  private static void hurry(Stoa stoa) {
    stoa.hurry();
    Thread last =
        new Thread(
            () -> {
              try {
                Thread.sleep(HURRIED.toMillis());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(ExitCode.HURRIED);
            },
            "stoa-hurry");
    last.setDaemon(true);
    last.start();
  }

  // Vert.x last and from here: a future of its own event loops does not outlive them.
  private static void stop(Stoa stoa, Vertx vertx) {
    LOG.info("stopping; what is running gets its answer");
    try {
      Futures.await(stoa.stop());
      Futures.await(vertx.close());
    } catch (Exception e) {
      LOG.error("the system did not stop cleanly", e);
    }
    Logs.end();
  }
}
