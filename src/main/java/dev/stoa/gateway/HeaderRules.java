package dev.stoa.gateway;

import dev.stoa.upstream.Answer;
import dev.stoa.upstream.Fields;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;

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
      HttpServerRequest request, ProxyTarget target, boolean upgrade, Fields out) {
    MultiMap in = request.headers();
    List<String> nominated = nominated(connection(in));
    boolean trusted = target.trustForwarded();
    out.add("Host", target.authority());
    in.forEach(
        (name, value) -> {
          if (crosses(name, nominated)
              && !"Host".equalsIgnoreCase(name)
              && (trusted || !Forwarding.isClaim(name))
              && !isContinueExpectation(name, value)) {
            out.add(name, value);
          }
        });
    joinCookies(out);
    if (upgrade) {
      out.set("Connection", "Upgrade");
      out.set("Upgrade", in.get(HttpHeaders.UPGRADE));
    } else if (in.contains("TE") && mentions(in, "TE", "trailers")) {
      out.set("TE", "trailers");
      out.set("Connection", "TE");
    }
    Forwarding.describe(request, out);
    out.add("Via", via(request.version()));
    target.setHeaders().forEach((name, value) -> replace(out, name, value));
  }

  private static void replace(Fields out, String name, String value) {
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
  static void toClient(Answer upstream, MultiMap out) {
    Fields fields = upstream.fields();
    List<String> nominated = nominated(fields.getAll("Connection"));
    List<String> ours = names(out);
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.name(i);
      if (crosses(name, nominated) && mayStandBeside(name, ours)) {
        out.add(name, fields.value(i));
      }
    }
    out.add("Via", upstream.http10() ? "1.0 stoa" : "1.1 stoa");
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
  static MultiMap interim(Fields upstream) {
    MultiMap out = HttpHeaders.headers();
    List<String> nominated = nominated(upstream.getAll("Connection"));
    for (int i = 0; i < upstream.size(); i++) {
      if (crosses(upstream.name(i), nominated)) {
        out.add(upstream.name(i), upstream.value(i));
      }
    }
    return out;
  }

  /** Trailer fields that may cross (RFC 9110, section 6.5.1). */
  static void trailers(Fields upstream, MultiMap out) {
    for (int i = 0; i < upstream.size(); i++) {
      String name = upstream.name(i);
      if (!HOP_BY_HOP.contains(name) && !NOT_IN_TRAILERS.contains(name)) {
        out.add(name, upstream.value(i));
      }
    }
  }

  /** Whether a list-valued field has this member. */
  static boolean mentions(MultiMap headers, String name, String token) {
    return isAmong(members(headers.getAll(name)), token);
  }

  /** The members of a list-valued field, all whose values these are. */
  static List<String> members(List<String> values) {
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

  private static List<String> connection(MultiMap in) {
    return in.contains(HttpHeaders.CONNECTION) ? in.getAll(HttpHeaders.CONNECTION) : List.of();
  }

  /** What is nominated beside the fields that stay here in any case. */
  private static List<String> nominated(List<String> connection) {
    if (connection.size() == 1 && HOP_BY_HOP.contains(connection.get(0))) {
      return List.of();
    }
    return members(connection);
  }

  /** Of the few that there are, looking at each is quickest. */
  private static boolean isAmong(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) { // without an iterator for each field
      if (names.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }

  /** HTTP/2 may split the cookies into several fields; HTTP/1.1 must not (RFC 9113, 8.2.3). */
  private static void joinCookies(Fields out) {
    List<String> cookies = out.getAll("Cookie");
    if (cookies.size() > 1) {
      out.set("Cookie", String.join("; ", cookies));
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
