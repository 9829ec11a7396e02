package dev.stoa.gateway;

import dev.stoa.config.ConfigChange;
import dev.stoa.config.ConfigError;
import dev.stoa.config.ConfigPeers;
import dev.stoa.config.ConfigReport;
import dev.stoa.config.ConfigRevision;
import dev.stoa.config.ConfigStatus;
import dev.stoa.config.ConfigWarning;
import dev.stoa.config.StoreStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The configuration as the admin API spells it. */
final class ConfigJson {
  private static final int MAX_SHOWN = 1_000;

  private ConfigJson() {}

  /** The first of {@code nodes} is this one. */
  static JsonObject overview(
      ConfigStatus status,
      Optional<StoreStatus> store,
      List<ConfigPeers.Node> nodes,
      JsonObject effective) {
    JsonArray all = new JsonArray();
    nodes.forEach(node -> all.add(node(node)));
    JsonObject json =
        node(nodes.get(0))
            .put("source", status.source())
            .put("stale", status.stale())
            .put("since", status.since().toString())
            .put("errors", errors(status.errors()))
            .put("warnings", warnings(status.warnings()))
            .put("restart_needed", new JsonArray(status.restartNeeded()))
            .put("nodes", all)
            .put("agree", nodes.stream().map(ConfigPeers.Node::checksum).distinct().count() == 1);
    status.pin().ifPresent(pin -> json.put("rollback", pin(pin)));
    store.ifPresent(central -> json.put("store", central.toJson()));
    return json.put("effective", effective);
  }

  static JsonObject history(List<ConfigRevision> revisions) {
    JsonArray items = new JsonArray();
    revisions.forEach(revision -> items.add(revision(revision)));
    return new JsonObject().put("items", items);
  }

  static JsonObject report(ConfigReport report) {
    return new JsonObject()
        .put("valid", report.valid())
        .put("errors", errors(report.errors()))
        .put("warnings", warnings(report.warnings()))
        .put("restart_needed", new JsonArray(report.restartNeeded()))
        .mergeIn(changes(report.changes()));
  }

  static JsonObject rolledBack(
      String to, boolean kept, ConfigStatus status, List<ConfigRevision> history) {
    JsonObject json =
        revision(history.get(0))
            .put("rolled_back_to", to)
            .put("kept_on_disk", kept)
            .put("restart_needed", new JsonArray(status.restartNeeded()));
    status.pin().ifPresent(pin -> json.put("rollback", pin(pin)));
    return json;
  }

  /** Under {@code changes}; and how many there are no room for. */
  static JsonObject changes(List<ConfigChange> changes) {
    JsonArray list = new JsonArray();
    changes.stream().limit(MAX_SHOWN).forEach(change -> list.add(change(change)));
    JsonObject json = new JsonObject().put("changes", list);
    return changes.size() > MAX_SHOWN ? json.put("left_off", changes.size() - MAX_SHOWN) : json;
  }

  private static JsonObject revision(ConfigRevision revision) {
    JsonObject json =
        new JsonObject()
            .put("revision", revision.id())
            .put("loaded_at", revision.loadedAt().toString())
            .put("checksum", revision.checksum())
            .put("source", revision.source().name().toLowerCase(Locale.ROOT))
            .mergeIn(changes(revision.changes()));
    revision.by().ifPresent(by -> json.put("by", by));
    return revision.leftOff() > 0 ? json.put("left_off", revision.leftOff()) : json;
  }

  private static JsonObject change(ConfigChange change) {
    return new JsonObject()
        .put("path", change.path())
        .put("before", change.before().orElse(null))
        .put("after", change.after().orElse(null));
  }

  private static JsonObject node(ConfigPeers.Node node) {
    return new JsonObject()
        .put("node", node.node())
        .put("revision", node.revision())
        .put("checksum", node.checksum())
        .put("loaded_at", node.loadedAt().toString());
  }

  private static JsonObject pin(ConfigStatus.Pin pin) {
    return new JsonObject().put("since", pin.since().toString()).put("by", pin.by());
  }

  private static JsonArray errors(List<ConfigError> errors) {
    JsonArray list = new JsonArray();
    for (ConfigError error : errors) {
      JsonObject json =
          new JsonObject()
              .put("file", error.place())
              .put("path", error.path())
              .put("reason", error.reason());
      error.line().ifPresent(line -> json.put("line", line));
      list.add(json);
    }
    return list;
  }

  private static JsonArray warnings(List<ConfigWarning> warnings) {
    JsonArray list = new JsonArray();
    for (ConfigWarning warning : warnings) {
      list.add(
          new JsonObject()
              .put("file", warning.file())
              .put("path", warning.path())
              .put("message", warning.message()));
    }
    return list;
  }
}
