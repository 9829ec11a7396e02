package dev.stoa.service;

import dev.stoa.problem.ProblemException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which page of a list a caller wants. Lists are ordered by a unique text key (an id); a cursor is
 * the key of the last item seen, opaque to clients, so that pages stay true while rows come and go.
 *
 * @param limit how many items at most, 1..100
 * @param after the key after which the page starts; empty for the first page
 */
public record PageRequest(int limit, Optional<String> after) {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_CURSOR_LENGTH = 200;

  static PageRequest from(Map<String, String> query) {
    int limit = DEFAULT_LIMIT;
    String text = query.get("limit");
    if (text != null) {
      try {
        limit = Integer.parseInt(text);
      } catch (NumberFormatException e) {
        limit = 0;
      }
      if (limit < 1 || limit > MAX_LIMIT) {
        throw ProblemException.invalid("limit", "must be a whole number from 1 to " + MAX_LIMIT);
      }
    }
    return new PageRequest(
        limit, Optional.ofNullable(query.get("cursor")).map(PageRequest::decode));
  }

  /** How many rows to read: one more than the page holds tells whether there is a next one. */
  public int fetch() {
    return limit + 1;
  }

  /**
   * The page as clients see it, {@code {"items": […], "next_cursor": …}}.
   *
   * @param found up to {@link #fetch()} records in the order of their keys
   */
  public <T> JsonObject toJson(
      List<T> found, Function<T, String> key, Function<T, JsonObject> toJson) {
    List<T> items = found.size() > limit ? found.subList(0, limit) : found;
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(toJson.apply(item)));
    String next = found.size() > limit ? encode(key.apply(items.get(limit - 1))) : null;
    return new JsonObject().put("items", array).put("next_cursor", next);
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String cursor) {
    try {
      if (!cursor.isEmpty() && cursor.length() <= MAX_CURSOR_LENGTH) {
        String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        if (key.chars().noneMatch(Character::isISOControl)) {
          return key;
        }
      }
    } catch (IllegalArgumentException e) {
      // Not Base64: answered below like any other cursor that we never gave out.
    }
    throw ProblemException.invalid("cursor", "must be a next_cursor of an earlier answer");
  }
}
