package dev.stoa.gateway;

import dev.stoa.problem.ProblemException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a route leads.
 *
 * @param host a name known to discovery, else a name of DNS or an address
 * @param port ignored where discovery knows the host
 * @param basePath stands before every forwarded path; empty, or with a slash in front and none
 *     behind
 * @param weight the share of this target among those of its route
 */
record Target(boolean tls, String host, int port, String basePath, int weight) {
  static final String SHAPE = "a URL like http://user-service:8081";
  static final int MAX_WEIGHT = 100;

  private static final Pattern URL =
      Pattern.compile(
          "(?i)(https?)://([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\\[[0-9a-f:.]+])(?::(\\d{1,5}))?(/.*)?");

  /** Reads a URL; empty where it is none, or has user, query or fragment. */
  static Optional<Target> parse(String url, int weight) {
    Matcher matcher = URL.matcher(url.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean tls = matcher.group(1).equalsIgnoreCase("https");
    String host = matcher.group(2).toLowerCase(Locale.ROOT).replaceAll("[\\[\\]]", "");
    int port = matcher.group(3) == null ? tls ? 443 : 80 : Integer.parseInt(matcher.group(3));
    boolean address = host.indexOf(':') < 0 || AddressRange.address(host) != null;
    return port < 1 || port > 65535 || !address
        ? Optional.empty()
        : basePath(matcher.group(4)).map(base -> new Target(tls, host, port, base, weight));
  }

  /** A service of the catalog, wherever it runs. */
  static Target service(String name) {
    return new Target(false, name, 80, "", 1);
  }

  /** Such a path under the base path. */
  String inside(String path) {
    return basePath.isEmpty() ? path : basePath + path;
  }

  /** The {@code Host} that this target expects. */
  String authority() {
    String name = host.indexOf(':') < 0 ? host : '[' + host + ']';
    return port == (tls ? 443 : 80) ? name : name + ':' + port;
  }

  /** As it could have been written. */
  String url() {
    return (tls ? "https://" : "http://") + authority() + basePath;
  }

  private static Optional<String> basePath(String text) {
    if (text == null || text.equals("/")) {
      return Optional.of("");
    }
    try {
      RequestPath path = RequestPath.parse(text);
      return path.query() == null
          ? Optional.of(path.path().replaceFirst("/$", ""))
          : Optional.empty();
    } catch (ProblemException e) {
      return Optional.empty();
    }
  }
}
