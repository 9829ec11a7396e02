package dev.stoa.gateway;

import dev.stoa.config.ConfigReader;
import dev.stoa.gateway.RouteConfig.Auth;
import dev.stoa.limits.Limit;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads one entry of {@code routes} and notes everything that is wrong with it. {@code retry},
 * {@code circuit_breaker} and {@code bulkhead} are checked for their shape; they take effect with
 * the package for resilience.
 */
final class RouteReader {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
  private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern FIELD_VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

  /** Fields that are the gateway's own business. */
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "content-length",
          "host",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "x-request-id",
          "x-request-timeout-ms",
          "x-user-id",
          "x-user-name",
          "x-user-roles");

  private final ConfigReader route;
  private final RouteDefaults defaults;

  /**
   * One route.
   *
   * @param defaults what holds where the route says nothing
   */
  RouteReader(ConfigReader route, RouteDefaults defaults) {
    this.route = route;
    this.defaults = defaults;
  }

  /** The route; empty where it has no name, path or target to speak of. */
  Optional<RouteConfig> read() {
    String name = name();
    Optional<PathPattern> path = path();
    List<Target> targets = targets();
    boolean limited = route.has("rate_limit");
    Optional<Limit> limit =
        limited ? RateLimits.limit(route, "rate_limit") : Optional.of(defaults.limits().standard());
    Duration timeout = route.duration("timeout", RouteConfig.DEFAULT_TIMEOUT);
    RouteResilience usual = defaults.resilience().of(firstHost(targets));
    RouteResilience resilience = usual.on(route);
    resilience.lint(route, timeout);
    RouteConfig read =
        new RouteConfig(
            name,
            path.orElse(new PathPattern("", true)),
            targets,
            defaults.upstreams().on(route),
            upstream(name, targets, usual.guard().equals(resilience.guard())),
            resilience,
            methods(),
            route.oneOf("auth", Auth.class, Auth.REQUIRED),
            Set.copyOf(route.strings("roles", List.of())),
            limit,
            limited ? name : RouteConfig.DEFAULT_POLICY,
            new PathRewrite(strip(), rewrite("from"), rewrite("to")),
            defaults.timeouts().answeredWithin(timeout),
            headers(),
            route.size("max_body", defaults.maxBody()),
            route.oneOf("idempotency", RouteConfig.Keys.class, RouteConfig.Keys.AUTO));
    if (!read.roles().isEmpty() && read.auth() != Auth.REQUIRED) {
      route.error("auth", "required, since the route asks for roles");
    }
    return path.isEmpty() || targets.isEmpty() ? Optional.empty() : Optional.of(read);
  }

  private static String firstHost(List<Target> targets) {
    return targets.isEmpty() ? "" : targets.get(0).host();
  }

  /** Routes to the same place share a guard, unless they want it otherwise. */
  private String upstream(String name, List<Target> targets, boolean usual) {
    String hosts =
        targets.stream()
            .map(defaults.resilience()::nameOf)
            .distinct()
            .collect(Collectors.joining(", "));
    return usual ? hosts : hosts + " (route " + name + ")";
  }

  private String name() {
    String name = route.string("name").orElse("");
    if (!NAME.matcher(name).matches()) {
      route.error("name", "a name of letters, digits, dot, colon, dash and underscore");
    }
    return name;
  }

  private Optional<PathPattern> path() {
    Optional<PathPattern> path = route.string("path").flatMap(PathPattern::parse);
    if (path.isEmpty()) {
      route.error("path", "a path like /api/users, or /api/users/* with all below it");
    }
    return path;
  }

  private Set<HttpMethod> methods() {
    Set<HttpMethod> methods = new HashSet<>();
    List<String> names = route.strings("methods", List.of());
    for (int i = 0; i < names.size(); i++) {
      Optional<HttpMethod> method = Methods.parse(names.get(i));
      method.ifPresent(methods::add);
      if (method.isEmpty()) {
        route.itemError("methods", i, "one of " + Methods.allow(Methods.KNOWN));
      }
    }
    if (route.has("methods") && names.isEmpty()) {
      route.error("methods", "at least one method (or no such key, for all of them)");
    }
    return methods;
  }

  private List<Target> targets() {
    List<Target> targets = new ArrayList<>();
    Object value = route.value("target").orElse(null);
    if (value instanceof JsonArray list) {
      for (int i = 0; i < list.size(); i++) {
        add(targets, "target[" + i + "]", list.getValue(i));
      }
    } else {
      add(targets, "target", value);
    }
    boolean somethingWrong =
        targets.isEmpty() && !(value instanceof JsonArray none && none.isEmpty());
    if (!somethingWrong && targets.stream().allMatch(target -> target.weight() == 0)) {
      route.error("target", "at least one target with a weight above 0");
      return List.of();
    }
    return targets;
  }

  private void add(List<Target> targets, String at, Object value) {
    Optional<Target> target = Optional.empty();
    String urlAt = at;
    if (value instanceof JsonObject) {
      ConfigReader weighted = route.section(at);
      urlAt = at + ".url";
      int weight = weighted.integer("weight", 1, 0, Target.MAX_WEIGHT);
      target = weighted.string("url").flatMap(url -> Target.parse(url, weight));
    } else if (value instanceof String url) {
      target = Target.parse(url, 1);
    }
    if (target.isEmpty()) {
      route.error(urlAt, Target.SHAPE);
    }
    target.ifPresent(targets::add);
  }

  /** {@code false} and the empty text keep the path as it is. */
  private String strip() {
    Object value = route.value("strip_prefix").orElse(PathRewrite.DEFAULT_STRIP);
    if (value instanceof Boolean on) {
      return on ? PathRewrite.DEFAULT_STRIP : "";
    }
    return value instanceof String text && text.isEmpty()
        ? ""
        : prefix(route, "strip_prefix", value);
  }

  private String rewrite(String key) {
    ConfigReader rewrite = route.section("rewrite");
    if (!route.has("rewrite")) {
      return "";
    }
    Object value = rewrite.value(key).orElse("");
    return key.equals("to") && value.equals("/") ? "" : prefix(rewrite, key, value);
  }

  private static String prefix(ConfigReader reader, String key, Object value) {
    Optional<PathPattern> path =
        value instanceof String text
            ? PathPattern.parse(text).filter(p -> !p.prefix() && !p.path().endsWith("/"))
            : Optional.empty();
    if (path.isEmpty()) {
      reader.error(key, "a path like /api, without a slash at its end");
    }
    return path.map(PathPattern::path).orElse("");
  }

  private Map<String, String> headers() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    ConfigReader section = route.section("headers");
    for (String name : section.keys()) {
      String value = section.string(name, "");
      if (!FIELD_NAME.matcher(name).matches() || RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
        section.error(name, "the name of a header field that is not the gateway's own");
      } else if (!FIELD_VALUE.matcher(value).matches()) {
        section.error(name, "printable ASCII");
      } else {
        headers.put(name, value);
      }
    }
    return headers;
  }
}
