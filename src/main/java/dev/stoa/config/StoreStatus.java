package dev.stoa.config;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * How the central store of the configuration stands; immutable.
 *
 * @param name what it is called, and which part of it is read: {@code consul-kv config/stoa/}
 * @param since since when it has stood so
 * @param reason why it is not simply answering
 */
public record StoreStatus(String name, State state, Instant since, Optional<String> reason) {

  /** What comes from it. */
  public enum State {
    /** It has been asked, and has not answered yet. */
    ASKED,
    /** What it says is in force, or was refused. */
    ANSWERING,
    /** It does not answer; what it said last counts. */
    AWAY,
    /** It has forgotten everything; what it said last counts. */
    EMPTY
  }

  /** As health and the admin API tell it. */
  public JsonObject toJson() {
    JsonObject json =
        new JsonObject()
            .put("name", name)
            .put("status", state.name().toLowerCase(Locale.ROOT))
            .put("since", since.toString());
    reason.ifPresent(why -> json.put("reason", why));
    return json;
  }

  /** A line for people. */
  @Override
  public String toString() {
    return name + reason.map(why -> ": " + why).orElse("");
  }
}
