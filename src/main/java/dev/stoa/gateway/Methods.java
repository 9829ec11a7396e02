package dev.stoa.gateway;

import io.vertx.core.http.HttpMethod;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The HTTP methods that the gateway lets through; never CONNECT and TRACE. */
final class Methods {
  private static final List<HttpMethod> ALL =
      List.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  static final Set<HttpMethod> KNOWN = Set.copyOf(ALL);

  /** Those that mean the same however often they are sent (RFC 9110, section 9.2.2). */
  static final Set<HttpMethod> IDEMPOTENT =
      Set.of(
          HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);

  private Methods() {}

  static Optional<HttpMethod> parse(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    return ALL.stream().filter(method -> method.name().equals(upper)).findFirst();
  }

  /** The method's name where it is known: what clients make up is all one. */
  static String name(HttpMethod method) {
    return KNOWN.contains(method) ? method.name() : "other";
  }

  /** The {@code Allow} field for these methods: HEAD comes with GET, OPTIONS always. */
  static String allow(Collection<HttpMethod> methods) {
    Set<HttpMethod> all = new HashSet<>(methods);
    all.add(HttpMethod.OPTIONS);
    if (methods.contains(HttpMethod.GET)) {
      all.add(HttpMethod.HEAD);
    }
    return names(all);
  }

  static String names(Set<HttpMethod> methods) {
    return ALL.stream()
        .filter(methods::contains)
        .map(HttpMethod::name)
        .collect(Collectors.joining(", "));
  }
}
