package dev.stoa.app;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has a running node end in order, and follows it until it is gone. */
@Command(
    name = "drain",
    description = "Ends a running node: first nobody sends it requests, then it answers the last.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the node has ended",
      "1:it does not answer, or is still there when the time is over",
      "64:the command line or the configuration is wrong"
    })
final class DrainCommand implements Callable<Integer> {
  private static final long PAUSE_MILLIS = 100;

  @Mixin private Settings settings;
  @Mixin private NodeOptions node;
  @Spec private CommandSpec spec;

  @Option(
      names = "--wait",
      paramLabel = "S",
      defaultValue = "120",
      description = "seconds to follow it (${DEFAULT-VALUE})")
  private int patience;

  @Override
  public Integer call() throws Exception {
    LogLevel.ERROR.apply();
    Vertx vertx = Vertx.vertx();
    try {
      StoaConfig config =
          Futures.await(
              Configurations.look(
                      vertx, settings, DevSecret.lookUp(settings.data()), ExplainCommand.ALONE)
                  .start());
      return follow(node.questions(vertx, config));
    } finally {
      Futures.await(vertx.close());
    }
  }

  private int follow(NodeQuestion questions) throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(patience);
    NodeQuestion.Answer answer = drain(questions);
    if (answer.body().isEmpty()) {
      spec.commandLine().getErr().println("not drained: " + answer.silence().orElse(""));
      return ExitCode.FAILED;
    }
    int printed = 0;
    Optional<JsonObject> progress = answer.body();
    while (progress.isPresent() && System.nanoTime() - until < 0) {
      JsonArray steps = progress.get().getJsonArray("steps");
      for (; printed < steps.size(); printed++) {
        out.println(steps.getString(printed));
      }
      out.flush();
      Thread.sleep(PAUSE_MILLIS);
      progress = drain(questions).body();
    }
    out.println(progress.isPresent() ? "still there" : "takes no requests any more");
    out.flush();
    return progress.isPresent() ? ExitCode.FAILED : ExitCode.OK;
  }

  private static NodeQuestion.Answer drain(NodeQuestion questions) {
    return questions.ask("/api/admin/drain", new JsonObject());
  }
}
