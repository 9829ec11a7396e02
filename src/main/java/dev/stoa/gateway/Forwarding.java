package dev.stoa.gateway;

import dev.stoa.upstream.Fields;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.List;

/**
 * Tells the upstream who asked, and how: {@code X-Forwarded-*} and {@code Forwarded} (RFC 7239). By
 * default what the client claims about itself is dropped; only behind a proxy of one's own should
 * it be trusted, and then it is continued.
 */
final class Forwarding {
  private static final FieldNames CLAIMS =
      FieldNames.of(
          "Forwarded",
          "X-Forwarded-For",
          "X-Forwarded-Host",
          "X-Forwarded-Port",
          "X-Forwarded-Prefix",
          "X-Forwarded-Proto",
          "X-Forwarded-Server",
          "X-Real-IP");

  private Forwarding() {}

  /** Whether a field of the client's claims what only we can know. */
  static boolean isClaim(String name) {
    return CLAIMS.contains(name);
  }

  /**
   * Continues what {@code out} has of the client's claims; those that are not believed are not
   * there.
   */
  static void describe(HttpServerRequest request, Fields out) {
    String peer = address(request.remoteAddress());
    String host = host(request);
    append(out, "X-Forwarded-For", peer);
    putIfAbsent(out, "X-Forwarded-Proto", request.scheme());
    putIfAbsent(out, "X-Forwarded-Host", host);
    append(out, "Forwarded", element(peer, host, request.scheme()));
  }

  static String element(String peer, String host, String scheme) {
    String node = peer.contains(":") ? "\"[" + peer + "]\"" : peer;
    return host == null
        ? "for=" + node + ";proto=" + scheme
        : "for=" + node + ";proto=" + scheme + ";host=\"" + escaped(host) + '"';
  }

  private static String escaped(String text) {
    boolean plain = text.indexOf('"') < 0 && text.indexOf('\\') < 0;
    return plain ? text : text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** The peer's address without its scope ({@code fe80::1%eth0}). */
  private static String address(SocketAddress peer) {
    String address = peer == null ? null : peer.hostAddress();
    if (address == null) {
      return "unknown";
    }
    int scope = address.indexOf('%');
    return scope < 0 ? address : address.substring(0, scope);
  }

  private static String host(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    return host != null || request.authority() == null ? host : request.authority().toString();
  }

  private static void append(Fields out, String name, String value) {
    List<String> before = out.getAll(name);
    out.set(name, before.isEmpty() ? value : String.join(", ", before) + ", " + value);
  }

  private static void putIfAbsent(Fields out, String name, String value) {
    if (value != null && !out.contains(name)) {
      out.set(name, value);
    }
  }
}
