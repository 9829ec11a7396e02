package dev.stoa.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which header fields cross the gateway, and which it adds (RFC 9110, section 7.6; RFC 7239).
 * Fields about one connection stay on it: the well-known ones and all that {@code Connection}
 * nominates. Framing is never copied from a nomination: {@code Content-Length} always crosses.
 */
final class HeaderRules {
  private static final Set<String> HOP_BY_HOP =
      names(
          "Connection",
          "HTTP2-Settings",
          "Keep-Alive",
          "Proxy-Authenticate",
          "Proxy-Authentication-Info",
          "Proxy-Authorization",
          "Proxy-Connection",
          "TE",
          "Trailer",
          "Transfer-Encoding",
          "Upgrade");
  private static final Set<String> NOT_IN_TRAILERS =
      names("Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Host");

  /** Fields of which the gateway's and the upstream's are both true. */
  private static final Set<String> MERGED = names("Set-Cookie", "Vary", "Link", "Server-Timing");

  private HeaderRules() {}

  /** Writes the upstream request's header fields. */
  static void toUpstream(
      HttpServerRequest request, ProxyTarget target, boolean upgrade, MultiMap out) {
    MultiMap in = request.headers();
    Set<String> nominated = nominated(in);
    for (Map.Entry<String, String> field : in) {
      String name = field.getKey();
      if (crosses(name, nominated) && !isContinueExpectation(field)) {
        out.add(name, field.getValue());
      }
    }
    joinCookies(in, out);
    if (upgrade) {
      out.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
      out.set(HttpHeaders.UPGRADE, in.get(HttpHeaders.UPGRADE));
    } else if (mentions(in, "TE", "trailers")) {
      out.set("TE", "trailers").set(HttpHeaders.CONNECTION, "TE");
    }
    Forwarding.describe(request, target.trustForwarded(), out);
    out.add("Via", via(request.version()));
    target.setHeaders().forEach((name, value) -> replace(out, name, value));
    out.set(HttpHeaders.HOST, target.authority());
  }

  private static void replace(MultiMap out, String name, String value) {
    if (value.isEmpty()) {
      out.remove(name);
    } else {
      out.set(name, value);
    }
  }

  /**
   * Writes the client response's header fields. What is there already, put by the filter chain,
   * wins over the upstream's.
   */
  static void toClient(HttpClientResponse upstream, MultiMap out) {
    Set<String> nominated = nominated(upstream.headers());
    Set<String> ours = out.isEmpty() ? Set.of() : names(out.names().toArray(String[]::new));
    for (Map.Entry<String, String> field : upstream.headers()) {
      String name = field.getKey();
      if (crosses(name, nominated) && (!ours.contains(name) || MERGED.contains(name))) {
        out.add(name, field.getValue());
      }
    }
    out.add("Via", via(upstream.version()));
  }

  /** Adds fields of an earlier answer to a response, whose own win as in {@link #toClient}. */
  static void beneath(MultiMap earlier, MultiMap out) {
    Set<String> ours = out.isEmpty() ? Set.of() : names(out.names().toArray(String[]::new));
    for (Map.Entry<String, String> field : earlier) {
      if (!ours.contains(field.getKey()) || MERGED.contains(field.getKey())) {
        out.add(field.getKey(), field.getValue());
      }
    }
  }

  /** The fields of an interim response. */
  static MultiMap interim(MultiMap upstream) {
    MultiMap out = HttpHeaders.headers();
    Set<String> nominated = nominated(upstream);
    upstream.forEach(
        (name, value) -> {
          if (crosses(name, nominated)) {
            out.add(name, value);
          }
        });
    return out;
  }

  /** Trailer fields that may cross (RFC 9110, section 6.5.1). */
  static void trailers(MultiMap upstream, MultiMap out) {
    for (Map.Entry<String, String> field : upstream) {
      if (!HOP_BY_HOP.contains(field.getKey()) && !NOT_IN_TRAILERS.contains(field.getKey())) {
        out.add(field.getKey(), field.getValue());
      }
    }
  }

  /** Whether a list-valued field has this member. */
  static boolean mentions(MultiMap headers, String name, String token) {
    return members(headers, name).stream().anyMatch(token::equalsIgnoreCase);
  }

  /** The members of a list-valued field. */
  static List<String> members(MultiMap headers, String name) {
    List<String> values = headers.getAll(name);
    if (values.isEmpty()) {
      return List.of();
    }
    List<String> members = new ArrayList<>();
    for (String value : values) {
      for (String member : value.split(",")) {
        if (!member.isBlank()) {
          members.add(member.strip());
        }
      }
    }
    return members;
  }

  static boolean expectsContinue(HttpServerRequest request) {
    return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  private static boolean isContinueExpectation(Map.Entry<String, String> field) {
    return "Expect".equalsIgnoreCase(field.getKey())
        && "100-continue".equalsIgnoreCase(field.getValue());
  }

  private static boolean crosses(String name, Set<String> nominated) {
    return !HOP_BY_HOP.contains(name)
        && (nominated.isEmpty()
            || !nominated.contains(name)
            || "Content-Length".equalsIgnoreCase(name));
  }

  private static Set<String> nominated(MultiMap headers) {
    List<String> values = headers.getAll(HttpHeaders.CONNECTION);
    if (values.isEmpty()) {
      return Set.of();
    }
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (String value : values) {
      for (String name : value.split(",")) {
        names.add(name.strip());
      }
    }
    return names;
  }

  /** HTTP/2 may split the cookies into several fields; HTTP/1.1 must not (RFC 9113, 8.2.3). */
  private static void joinCookies(MultiMap in, MultiMap out) {
    List<String> cookies = in.getAll(HttpHeaders.COOKIE);
    if (cookies.size() > 1 && out.contains(HttpHeaders.COOKIE)) {
      out.set(HttpHeaders.COOKIE, String.join("; ", cookies));
    }
  }

  private static String via(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "1.0 stoa";
      case HTTP_1_1 -> "1.1 stoa";
      case HTTP_2 -> "2 stoa";
    };
  }

  private static Set<String> names(String... names) {
    Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Collections.addAll(set, names);
    return Collections.unmodifiableSet(set);
  }
}
