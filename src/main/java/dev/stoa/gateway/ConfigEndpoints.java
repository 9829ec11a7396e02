package dev.stoa.gateway;

import dev.stoa.config.ConfigException;
import dev.stoa.config.ConfigPeers;
import dev.stoa.config.ConfigRevision;
import dev.stoa.config.Configuration;
import dev.stoa.problem.FieldError;
import dev.stoa.problem.ProblemException;
import dev.stoa.problem.ProblemType;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The configuration in force, its history, what a change would do, and the way back: for admins.
 * Nothing here shows a secret.
 */
final class ConfigEndpoints {
  static final String CONFIG = "/api/admin/config";
  static final String HISTORY = CONFIG + "/history";
  static final String DIFF = CONFIG + "/diff";
  static final String CHECK = CONFIG + "/check";
  static final String ROLLBACK = CONFIG + "/rollback";
  static final List<String> PATHS = List.of(CONFIG, HISTORY, DIFF, CHECK, ROLLBACK);

  private final ConfigPeers peers;
  private final Configuration<?> configuration;

  ConfigEndpoints(ConfigPeers peers) {
    this.peers = peers;
    this.configuration = peers.configuration();
  }

  List<Endpoint> endpoints(AdminEndpoints admin) {
    return List.of(
        admin.view(CONFIG, asked -> now()),
        admin.view(HISTORY, asked -> ConfigJson.history(configuration.history())),
        admin.question(DIFF, this::diff),
        admin.command(CHECK, (asked, body) -> check(body)),
        admin.command(ROLLBACK, (asked, body) -> rollBack(body, asked.admin().username())));
  }

  private JsonObject now() {
    return ConfigJson.overview(
        configuration.status(), configuration.store(), peers.nodes(), configuration.effective());
  }

  /** Without {@code to}: what is in force; without {@code from}: the revision before that. */
  private Future<JsonObject> diff(Exchange asked) {
    List<String> known = configuration.history().stream().map(ConfigRevision::id).toList();
    String to = asked.request().getParam("to", known.get(0));
    int before = Math.min(known.indexOf(to) + 1, known.size() - 1);
    String from = asked.request().getParam("from", known.get(before));
    return orProblem(configuration.diff(from, to))
        .map(
            changes ->
                new JsonObject()
                    .put("from", from)
                    .put("to", to)
                    .mergeIn(ConfigJson.changes(changes)));
  }

  private Future<JsonObject> check(JsonObject body) {
    String file = text(body, "file");
    if (!configuration.isRead(file)) {
      String names = String.join(", ", configuration.fileNames());
      throw ProblemException.invalid("file", "must be one of " + names);
    }
    return configuration.dryRun(file, text(body, "content")).map(ConfigJson::report);
  }

  private Future<JsonObject> rollBack(JsonObject body, String by) {
    String revision = text(body, "revision");
    return orProblem(configuration.rollBack(revision, by))
        .map(
            kept ->
                ConfigJson.rolledBack(
                    revision, kept, configuration.status(), configuration.history()));
  }

  private static String text(JsonObject body, String field) {
    if (body.getValue(field) instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw ProblemException.invalid(field, "must be text");
  }

  private static <R> Future<R> orProblem(Future<R> answer) {
    return answer.recover(cause -> Future.failedFuture(problem(cause)));
  }

  private static Throwable problem(Throwable cause) {
    if (cause instanceof NoSuchElementException) {
      return new ProblemException(ProblemType.NOT_FOUND, "No revision of this name is kept.");
    }
    if (cause instanceof ConfigException refused) {
      return new ProblemException(
              ProblemType.UNPROCESSABLE,
              "This revision is not valid any more; nothing was changed.")
          .withErrors(
              refused.errors().stream()
                  .map(error -> new FieldError(error.path(), error.file() + ": " + error.reason()))
                  .toList());
    }
    return cause;
  }
}
