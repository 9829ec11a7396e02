package dev.stoa.gateway;

import dev.stoa.discovery.UpstreamPolicies;
import dev.stoa.limits.Limit;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One route as configured.
 *
 * @param upstreams how the instances behind each target are used
 * @param upstream under which name its guard is found; routes of one name share a guard
 * @param resilience what is done about failing and slow upstreams
 * @param methods what it takes, HEAD with GET; empty for all
 * @param roles any of which the caller needs; empty where everyone may
 * @param limit empty where nothing limits it
 * @param policy the name under which the limit is told to clients
 * @param timeouts the bounds in time of its exchanges
 * @param headers set on the upstream request
 * @param maxBody in bytes
 * @param keys who sees to the idempotency keys of requests
 */
record RouteConfig(
    String name,
    PathPattern path,
    List<Target> targets,
    UpstreamPolicies upstreams,
    String upstream,
    RouteResilience resilience,
    Set<HttpMethod> methods,
    Auth auth,
    Set<String> roles,
    Optional<Limit> limit,
    String policy,
    PathRewrite rewrite,
    ProxyTarget.Timeouts timeouts,
    Map<String, String> headers,
    long maxBody,
    Keys keys) {

  /** Who does the work of an Idempotency-Key once. */
  enum Keys {
    /** The upstream where all that may get the request say in discovery that they do. */
    AUTO,
    /** The gateway, which keeps the answer. */
    GATEWAY,
    /** The upstream; the gateway passes the key on and the answer by. */
    UPSTREAM
  }

  /** Whether a route asks who calls. */
  enum Auth {
    /** Only with a valid token. */
    REQUIRED,
    /** With no token or a valid one. */
    OPTIONAL,
    /** Without looking at a token. */
    NONE
  }

  /** The policy's name where a route has no limit of its own. */
  static final String DEFAULT_POLICY = "default";

  /** What the names of routes begin with that nobody configured. */
  static final String GENERIC = "service:";

  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  RouteConfig {
    targets = List.copyOf(targets);
    methods = Set.copyOf(methods);
    roles = Set.copyOf(roles);
    headers = Map.copyOf(headers);
  }

  /** The route that every service of the catalog has without being configured. */
  static RouteConfig generic(String service, RouteDefaults defaults) {
    return new RouteConfig(
        genericName(service),
        new PathPattern(PathRewrite.DEFAULT_STRIP + '/' + service, true),
        List.of(Target.service(service)),
        defaults.upstreams(),
        service,
        defaults.resilience().of(service),
        Methods.KNOWN,
        Auth.REQUIRED,
        Set.of(),
        Optional.of(defaults.limits().standard()),
        DEFAULT_POLICY,
        new PathRewrite(PathRewrite.DEFAULT_STRIP + '/' + service, "", ""),
        defaults.timeouts(),
        Map.of(),
        defaults.maxBody(),
        Keys.AUTO);
  }

  /** The same route, with what it has like others before it as one. */
  RouteConfig sharing(Same same) {
    return new RouteConfig(
        name,
        path,
        same.as(List.copyOf(targets.stream().map(same::as).toList())), // which is copied no more
        same.as(upstreams),
        same.as(upstream),
        same.as(resilience.sharing(same)),
        same.as(methods),
        auth,
        same.as(roles),
        limit.map(same::as),
        policy,
        same.as(rewrite),
        same.as(timeouts),
        same.as(headers),
        maxBody,
        keys);
  }

  /** Until the upstream has begun to answer. */
  Duration timeout() {
    return timeouts.response();
  }

  static String genericName(String service) {
    return GENERIC + service;
  }

  boolean takes(HttpMethod method) {
    return methods.isEmpty()
        || methods.contains(method)
        || method == HttpMethod.HEAD && methods.contains(HttpMethod.GET);
  }
}
