package dev.stoa.gateway;

import dev.stoa.resilience.Deadline;
import dev.stoa.service.Identity;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The header fields that the gateway sets on what it forwards: who calls, as the token proved it,
 * the request's id and what is left of its time, the part of the path that was cut off, and the
 * route's own. An empty value takes the client's field away.
 */
final class UpstreamHeaders {
  private static final String USER_ID = "X-User-Id";
  private static final String USER_NAME = "X-User-Name";
  private static final String USER_ROLES = "X-User-Roles";
  private static final String PREFIX = "X-Forwarded-Prefix";
  private static final Set<String> IDENTITY = Set.of("x-user-id", "x-user-name", "x-user-roles");

  private UpstreamHeaders() {}

  static Map<String, String> of(
      Exchange exchange, RouteConfig route, Optional<Identity> caller, Deadline deadline) {
    Map<String, String> headers = new HashMap<>(route.headers());
    // CGI and its heirs take X_User_Id for X-User-Id.
    exchange
        .headers()
        .forEach(
            (name, value) -> {
              if (name.indexOf('_') >= 0
                  && IDENTITY.contains(name.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                headers.put(name, "");
              }
            });
    String cut = route.rewrite().cutOff(exchange.path().path());
    if (!cut.isEmpty()) {
      headers.putIfAbsent(PREFIX, prefixBefore(exchange) + cut);
    }
    headers.put(Exchange.REQUEST_ID, exchange.id());
    headers.put(Deadline.HEADER, Long.toString(deadline.remainingMillis()));
    headers.put(USER_ID, caller.isEmpty() ? "" : ascii(caller.get().userId()));
    headers.put(USER_NAME, caller.isEmpty() ? "" : ascii(caller.get().username()));
    headers.put(USER_ROLES, caller.isEmpty() ? "" : roles(caller.get()));
    return Collections.unmodifiableMap(headers);
  }

  /** What a proxy of ours in front has cut off already. */
  private static String prefixBefore(Exchange exchange) {
    String before = exchange.trustedPeer() ? exchange.headers().get(PREFIX) : null;
    return before == null ? "" : before;
  }

  private static String roles(Identity identity) {
    Set<String> roles = identity.roles();
    return ascii(String.join(",", roles.size() < 2 ? roles : new TreeSet<>(roles)));
  }

  /** A field value holds printable ASCII only; the rest is percent-encoded, as is the percent. */
  private static String ascii(String text) {
    if (isPlain(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPlain(octet)) {
        out.append((char) octet);
      } else {
        out.append('%').append("%02X".formatted(octet));
      }
    }
    return out.toString();
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(int c) {
    return c > 0x20 && c < 0x7f && c != '%';
  }
}
