package dev.stoa.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which revisions were in force, the oldest first; the last one is. Immutable.
 *
 * @param pin while the last one is an operator's rollback that goes before the files
 */
record RevisionIndex(List<ConfigRevision> revisions, Optional<ConfigStatus.Pin> pin) {
  /** How many are kept, each with its files. */
  static final int MAX_REVISIONS = 50;

  static final RevisionIndex EMPTY = new RevisionIndex(List.of(), Optional.empty());

  RevisionIndex {
    int surplus = Math.max(0, revisions.size() - MAX_REVISIONS);
    revisions = List.copyOf(revisions.subList(surplus, revisions.size()));
  }

  Optional<ConfigRevision> last() {
    return revisions.isEmpty()
        ? Optional.empty()
        : Optional.of(revisions.get(revisions.size() - 1));
  }

  int nextNumber() {
    return last().map(ConfigRevision::number).orElse(0) + 1;
  }

  Optional<ConfigRevision> find(String id) {
    return revisions.stream().filter(revision -> revision.id().equals(id)).findFirst();
  }

  Set<String> digests() {
    return revisions.stream().map(ConfigRevision::digest).collect(Collectors.toSet());
  }

  RevisionIndex with(ConfigRevision next, Optional<ConfigStatus.Pin> itsPin) {
    List<ConfigRevision> more = new ArrayList<>(revisions);
    more.add(next);
    return new RevisionIndex(more, itsPin);
  }

  RevisionIndex withoutPin() {
    return new RevisionIndex(revisions, Optional.empty());
  }

  String text() {
    JsonArray list = new JsonArray();
    revisions.forEach(revision -> list.add(json(revision)));
    JsonObject json = new JsonObject().put("revisions", list);
    pin.ifPresent(
        held ->
            json.put(
                "pin",
                new JsonObject()
                    .put("since", held.since().toString())
                    .put("by", held.by())
                    .put("against", held.against())));
    return json.encodePrettily();
  }

  /** Reads {@link #text}; fails with any RuntimeException on anything else. */
  static RevisionIndex parse(String text) {
    JsonObject json = new JsonObject(text);
    List<ConfigRevision> revisions =
        json.getJsonArray("revisions").stream().map(one -> revision((JsonObject) one)).toList();
    Optional<ConfigStatus.Pin> pin =
        Optional.ofNullable(json.getJsonObject("pin"))
            .map(
                held ->
                    new ConfigStatus.Pin(
                        Instant.parse(held.getString("since")),
                        held.getString("by"),
                        held.getString("against")));
    return new RevisionIndex(revisions, pin);
  }

  private static JsonObject json(ConfigRevision revision) {
    JsonArray changes = new JsonArray();
    revision
        .changes()
        .forEach(
            change -> {
              JsonObject one = new JsonObject().put("path", change.path());
              change.before().ifPresent(value -> one.put("before", value));
              change.after().ifPresent(value -> one.put("after", value));
              changes.add(one);
            });
    JsonObject json =
        new JsonObject()
            .put("number", revision.number())
            .put("digest", revision.digest())
            .put("checksum", revision.checksum())
            .put("loaded_at", revision.loadedAt().toString())
            .put("source", revision.source().name().toLowerCase(Locale.ROOT))
            .put("changes", changes)
            .put("left_off", revision.leftOff());
    revision.by().ifPresent(who -> json.put("by", who));
    return json;
  }

  private static ConfigRevision revision(JsonObject json) {
    List<ConfigChange> changes =
        json.getJsonArray("changes").stream()
            .map(JsonObject.class::cast)
            .map(
                one ->
                    new ConfigChange(
                        one.getString("path"),
                        Optional.ofNullable(one.getValue("before")),
                        Optional.ofNullable(one.getValue("after"))))
            .toList();
    return new ConfigRevision(
        json.getInteger("number"),
        digest(json.getString("digest")),
        json.getString("checksum"),
        Instant.parse(json.getString("loaded_at")),
        ConfigRevision.Source.valueOf(json.getString("source").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(json.getString("by")),
        changes,
        json.getInteger("left_off"));
  }

  /** It names a folder: nothing else will do. */
  private static String digest(String text) {
    if (!text.matches("[0-9a-f]{16}")) {
      throw new IllegalArgumentException("a digest that is none");
    }
    return text;
  }
}
