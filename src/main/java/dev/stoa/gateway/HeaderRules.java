package dev.stoa.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Which header fields cross the gateway, and which it adds (RFC 9110, section 7.6; RFC 7239).
 * Fields about one connection stay on it: the well-known ones and all that {@code Connection}
 * nominates. Framing is never copied from a nomination: {@code Content-Length} always crosses.
 */
final class HeaderRules {
  private static final FieldNames HOP_BY_HOP =
      FieldNames.of(
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
  private static final FieldNames NOT_IN_TRAILERS =
      FieldNames.of("Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Host");

  /** Fields of which the gateway's and the upstream's are both true. */
  private static final FieldNames MERGED =
      FieldNames.of("Set-Cookie", "Vary", "Link", "Server-Timing");

  private HeaderRules() {}

  /** Writes the upstream request's header fields. */
  static void toUpstream(
      HttpServerRequest request, ProxyTarget target, boolean upgrade, MultiMap out) {
    MultiMap in = request.headers();
    List<String> nominated = nominated(in);
    boolean trusted = target.trustForwarded();
    in.forEach(
        (name, value) -> {
          if (crosses(name, nominated)
              && (trusted || !Forwarding.isClaim(name))
              && !isContinueExpectation(name, value)) {
            out.add(name, value);
          }
        });
    joinCookies(in, out);
    if (upgrade) {
      out.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
      out.set(HttpHeaders.UPGRADE, in.get(HttpHeaders.UPGRADE));
    } else if (mentions(in, "TE", "trailers")) {
      out.set("TE", "trailers").set(HttpHeaders.CONNECTION, "TE");
    }
    Forwarding.describe(request, out);
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
    List<String> nominated = nominated(upstream.headers());
    List<String> ours = names(out);
    upstream
        .headers()
        .forEach(
            (name, value) -> {
              if (crosses(name, nominated) && mayStandBeside(name, ours)) {
                out.add(name, value);
              }
            });
    out.add("Via", via(upstream.version()));
  }

  /** Adds fields of an earlier answer to a response, whose own win as in {@link #toClient}. */
  static void beneath(MultiMap earlier, MultiMap out) {
    List<String> ours = names(out);
    earlier.forEach(
        (name, value) -> {
          if (mayStandBeside(name, ours)) {
            out.add(name, value);
          }
        });
  }

  private static List<String> names(MultiMap headers) {
    List<String> names = new ArrayList<>();
    headers.forEach((name, value) -> names.add(name));
    return names;
  }

  private static boolean mayStandBeside(String name, List<String> ours) {
    return !isAmong(ours, name) || MERGED.contains(name);
  }

  /** The fields of an interim response. */
  static MultiMap interim(MultiMap upstream) {
    MultiMap out = HttpHeaders.headers();
    List<String> nominated = nominated(upstream);
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
    return isAmong(members(headers, name), token);
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

  private static boolean isContinueExpectation(String name, String value) {
    return "Expect".equalsIgnoreCase(name) && "100-continue".equalsIgnoreCase(value);
  }

  private static boolean crosses(String name, List<String> nominated) {
    return !HOP_BY_HOP.contains(name)
        && (!isAmong(nominated, name) || "Content-Length".equalsIgnoreCase(name));
  }

  /** What is nominated beside the fields that stay here in any case. */
  private static List<String> nominated(MultiMap headers) {
    List<String> names = members(headers, "Connection");
    return names.size() == 1 && HOP_BY_HOP.contains(names.get(0)) ? List.of() : names;
  }

  /** Of the few that there are, looking at each is quickest. */
  private static boolean isAmong(List<String> names, String name) {
    for (String one : names) {
      if (one.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
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
}
