package dev.stoa.gateway;

import dev.stoa.resilience.Deadline;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Where one exchange goes and within which bounds, as the filter chain decided.
 *
 * @param server where to connect; its host name is also what a TLS certificate must match
 * @param tls whether to speak TLS to it
 * @param authority the {@code Host} header the upstream shall see
 * @param uri path and query, already rewritten
 * @param maxBody the longest request body in bytes; {@link Long#MAX_VALUE} for no limit
 * @param trustForwarded whether the client's own {@code X-Forwarded-*} and {@code Forwarded}
 *     headers are believed and continued; otherwise they are replaced
 * @param setHeaders headers added to the upstream request in the place of the client's; an empty
 *     value removes the client's without a replacement; nobody changes them
 * @param deadline until when the answer must have begun, whatever the time-outs say
 * @param body the request's body, where it has been read already
 */
record ProxyTarget(
    SocketAddress server,
    boolean tls,
    String authority,
    String uri,
    Timeouts timeouts,
    long maxBody,
    boolean trustForwarded,
    Map<String, String> setHeaders,
    Optional<Deadline> deadline,
    Optional<Buffer> body) {

  private static final Duration UNBOUNDED = Duration.ofDays(1);

  /** Zero would switch the bound off. */
  private static final Duration SHORTEST = Duration.ofMillis(1);

  ProxyTarget {
    Objects.requireNonNull(server, "server");
    Objects.requireNonNull(authority, "authority");
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(timeouts, "timeouts");
    Objects.requireNonNull(setHeaders, "setHeaders");
  }

  /** One that has no deadline and streams its body. */
  ProxyTarget(
      SocketAddress server,
      boolean tls,
      String authority,
      String uri,
      Timeouts timeouts,
      long maxBody,
      boolean trustForwarded,
      Map<String, String> setHeaders) {
    this(
        server,
        tls,
        authority,
        uri,
        timeouts,
        maxBody,
        trustForwarded,
        setHeaders,
        Optional.empty(),
        Optional.empty());
  }

  /** How long a connection may take from now on. */
  Duration connectWithin() {
    return capped(timeouts.connect());
  }

  /** How long the answer may take from now on; zero for ever. */
  Duration responseWithin() {
    return capped(timeouts.response());
  }

  private Duration capped(Duration timeout) {
    if (deadline.isEmpty()) {
      return timeout;
    }
    Duration left = deadline.get().cap(timeout.isZero() ? UNBOUNDED : timeout);
    return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
  }

  /**
   * The bounds in time. Zero switches a bound off, except {@code connect}.
   *
   * @param connect until a connection is there, waiting for a free one in the pool included
   * @param response from the end of the request body to the head of the response
   * @param idle the longest silence within a body, in either direction
   * @param stream the same for what is meant to be quiet: tunnels and event streams
   * @param least the rate that the client has to keep
   */
  record Timeouts(
      Duration connect, Duration response, Duration idle, Duration stream, ClientPace.Least least) {
    static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ZERO);

    /** With a client that may be as slow as it likes. */
    Timeouts(Duration connect, Duration response, Duration idle, Duration stream) {
      this(connect, response, idle, stream, ClientPace.Least.NONE);
    }

    /** The same with another bound for the answer. */
    Timeouts answeredWithin(Duration response) {
      return new Timeouts(connect, response, idle, stream, least);
    }
  }
}
