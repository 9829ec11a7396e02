package dev.stoa.app;

import dev.stoa.config.ConfigReport;
import dev.stoa.config.Configuration;
import dev.stoa.config.StoreStatus;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = "Validates the configuration and prints what would be in effect, secrets masked.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @Mixin private Settings settings;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LogLevel.ERROR.apply();
    Vertx vertx = Vertx.vertx();
    try {
      Configuration<StoaConfig> configuration =
          Configurations.of(vertx, settings, DevSecret.random());
      ConfigReport report = Futures.await(configuration.check());
      configuration
          .store()
          .filter(store -> store.state() != StoreStatus.State.ANSWERING)
          .ifPresent(store -> spec.commandLine().getErr().println("warning: " + store));
      return print(report);
    } finally {
      Futures.await(vertx.close());
    }
  }

  private int print(ConfigReport report) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    report.warnings().forEach(warning -> err.println("warning: " + warning));
    report.errors().forEach(error -> err.println("error: " + error));
    if (!report.valid()) {
      int count = report.errors().size();
      err.println(count + (count == 1 ? " error" : " errors") + "; nothing was changed.");
      return ExitCode.CONFIGURATION;
    }
    out.println(report.effective().encodePrettily());
    return ExitCode.OK;
  }
}
