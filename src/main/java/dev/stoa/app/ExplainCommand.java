package dev.stoa.app;

import dev.stoa.observability.Metrics;
import dev.stoa.problem.ProblemException;
import dev.stoa.service.Contracts;
import dev.stoa.users.AdminPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Says what would become of a request. It asks the running node, with a token that it signs itself
 * where it can read the key; without one, it says what the configuration alone lets it know.
 */
@Command(
    name = "explain",
    description = "Says what would become of a request and why, without sending it.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it would be forwarded or answered",
      "3:it would be refused",
      "64:the command line or the configuration is wrong"
    })
final class ExplainCommand implements Callable<Integer> {
  /** What a look at the files needs no registry and no noise for. */
  static final Map<String, String> ALONE =
      Map.of("discovery.type", "local", "service.log_level", "ERROR");

  @Mixin private Settings settings;
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "METHOD", description = "GET, POST, …")
  private String method;

  @Parameters(index = "1", paramLabel = "PATH", description = "path and query: /api/users/1")
  private String path;

  @Option(
      names = "--token",
      paramLabel = "T",
      defaultValue = "${env:STOA_TOKEN}",
      description = "the token that the request would bring (STOA_TOKEN)")
  private String token;

  @Option(names = "--header", paramLabel = "NAME=VALUE", description = "may be repeated")
  private Map<String, String> headers = new LinkedHashMap<>();

  @Option(names = "--client", paramLabel = "IP", description = "whence it would come (127.0.0.1)")
  private String client;

  @Mixin private NodeOptions node;

  @Option(names = "--offline", description = "asks no node")
  private boolean offline;

  @Option(names = "--json", description = "prints JSON")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    LogLevel.ERROR.apply();
    Vertx vertx = Vertx.vertx();
    try {
      var configuration =
          Configurations.look(vertx, settings, DevSecret.lookUp(settings.data()), ALONE);
      StoaConfig config = Futures.await(configuration.start());
      JsonObject question = question();
      Optional<JsonObject> answer = offline ? Optional.empty() : ask(vertx, config, question);
      if (answer.isPresent()) {
        return print(answer.get().put("live", true));
      }
      Stoa stoa =
          new Stoa(
              vertx,
              settings.data(),
              new Contracts(vertx),
              configuration,
              AdminPolicy.configuredOnly(),
              new Metrics(),
              () -> {});
      return print(Futures.await(stoa.explain(question)).put("live", false));
    } catch (NodeQuestion.Misunderstood misunderstood) {
      throw new ParameterException(spec.commandLine(), misunderstood.getMessage());
    } catch (ProblemException misunderstood) {
      String fields =
          misunderstood.errors().stream()
              .map(error -> error.field() + " " + error.reason())
              .collect(Collectors.joining("; "));
      throw new ParameterException(spec.commandLine(), fields);
    } finally {
      Futures.await(vertx.close());
    }
  }

  private JsonObject question() {
    JsonObject question = new JsonObject().put("method", method).put("path", path);
    if (token != null && !token.isBlank()) {
      question.put("token", token);
    }
    if (client != null) {
      question.put("client", client);
    }
    JsonObject fields = new JsonObject();
    headers.forEach(fields::put);
    return question.put("headers", fields);
  }

  private Optional<JsonObject> ask(Vertx vertx, StoaConfig config, JsonObject question) {
    NodeQuestion.Answer answer = node.questions(vertx, config).ask("/api/admin/explain", question);
    answer
        .silence()
        .ifPresent(
            why -> {
              PrintWriter err = spec.commandLine().getErr();
              err.println(
                  "No answer from "
                      + node.node(config)
                      + " ("
                      + why
                      + "): told by the files alone.");
              err.flush();
            });
    return answer.body();
  }

  private int print(JsonObject explanation) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? explanation.encodePrettily() + "\n" : new ExplainText(explanation).toString());
    out.flush();
    return explanation.getString("outcome").equals("refused") ? ExitCode.REFUSED : ExitCode.OK;
  }
}
