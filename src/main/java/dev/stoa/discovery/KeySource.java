package dev.stoa.discovery;

import dev.stoa.config.ConfigReader;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what consistent hashing tells requests apart. A request without it falls back to its client's
 * address.
 *
 * @param name of the header or cookie; empty for the others
 */
public record KeySource(Kind kind, String name) {

  /** Where the key is taken from. */
  public enum Kind {
    /** The client's address. */
    CLIENT,
    /** The user who calls, as the token proves it. */
    USER,
    HEADER,
    COOKIE,
    /** The path, without the query. */
    PATH
  }

  static final KeySource CLIENT = new KeySource(Kind.CLIENT, "");

  private static final Pattern NAMED =
      Pattern.compile("(?i)(header|cookie) *: *([A-Za-z0-9!#$%&'*+.^_`|~-]+)");

  static KeySource from(ConfigReader own, String key, KeySource fallback) {
    Optional<String> text = own.string(key);
    if (text.isEmpty()) {
      return fallback;
    }
    Optional<KeySource> source = parse(text.get().strip());
    if (source.isEmpty()) {
      own.error(key, "client, user, path, header:NAME or cookie:NAME");
    }
    return source.orElse(fallback);
  }

  private static Optional<KeySource> parse(String text) {
    Matcher named = NAMED.matcher(text);
    if (named.matches()) {
      Kind kind = Kind.valueOf(named.group(1).toUpperCase(Locale.ROOT));
      return Optional.of(new KeySource(kind, named.group(2)));
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "client" -> Optional.of(CLIENT);
      case "user" -> Optional.of(new KeySource(Kind.USER, ""));
      case "path" -> Optional.of(new KeySource(Kind.PATH, ""));
      default -> Optional.empty();
    };
  }
}
