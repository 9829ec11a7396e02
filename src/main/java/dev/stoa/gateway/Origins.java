package dev.stoa.gateway;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which origins (RFC 6454) may read responses: all, or those listed. An origin is compared whole,
 * scheme, host and port; the case of scheme and host and a default port make no difference.
 */
final class Origins {
  private static final Pattern ORIGIN =
      Pattern.compile("([a-z][a-z0-9+.-]*)://([a-z0-9._-]+|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");

  private final boolean any;
  private final Set<String> listed;

  private Origins(boolean any, Set<String> listed) {
    this.any = any;
    this.listed = Set.copyOf(listed);
  }

  /** Reads a list in which {@code *} stands for all; empty where an entry is no origin. */
  static Optional<Origins> parse(List<String> texts) {
    Set<String> listed = new HashSet<>();
    for (String text : texts) {
      Optional<String> origin = normalize(text);
      origin.ifPresent(listed::add);
      if (origin.isEmpty() && !text.equals("*")) {
        return Optional.empty();
      }
    }
    return Optional.of(new Origins(texts.contains("*"), listed));
  }

  boolean any() {
    return any;
  }

  boolean allow(String origin) {
    return any || listed.contains(origin) || normalize(origin).filter(listed::contains).isPresent();
  }

  private static Optional<String> normalize(String text) {
    Matcher matcher = ORIGIN.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String port = matcher.group(3);
    String scheme = matcher.group(1);
    boolean byDefault =
        port == null
            || scheme.equals("http") && port.equals("80")
            || scheme.equals("https") && port.equals("443");
    return Optional.of(scheme + "://" + matcher.group(2) + (byDefault ? "" : ":" + port));
  }
}
