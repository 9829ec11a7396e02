package dev.stoa.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The catalogue of everything that can go wrong, each with its status and its title (RFC 9457,
 * section 3.1).
 */
public enum ProblemType {
  MALFORMED_REQUEST(400, "Malformed request"),
  INVALID_INPUT(400, "Invalid input"),
  MISSING_TOKEN(401, "Authentication required"),
  MALFORMED_TOKEN(401, "Malformed token"),
  EXPIRED_TOKEN(401, "Token expired"),
  INVALID_TOKEN(401, "Invalid token"),
  BAD_CREDENTIALS(401, "Wrong username or password"),
  PAYMENT_DECLINED(402, "Payment declined"),
  FORBIDDEN(403, "Forbidden"),
  NOT_FOUND(404, "Not found"),
  ROUTE_NOT_FOUND(404, "No such route"),
  SERVICE_NOT_FOUND(404, "No such service"),
  METHOD_NOT_ALLOWED(405, "Method not allowed"),
  REQUEST_TIMEOUT(408, "Request time-out"),
  CONFLICT(409, "Conflict"),
  USERNAME_TAKEN(409, "Username already taken"),
  INSUFFICIENT_STOCK(409, "Insufficient stock"),
  ILLEGAL_TRANSITION(409, "Illegal status transition"),
  ALREADY_PAID(409, "Order already paid"),
  REQUEST_IN_FLIGHT(409, "Request in flight"),
  OUTCOME_UNKNOWN(409, "Outcome unknown"),
  REPLY_NOT_KEPT(409, "Reply not kept"),
  PAYLOAD_TOO_LARGE(413, "Request body too large"),
  URI_TOO_LONG(414, "Request target too long"),
  UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
  EXPECTATION_FAILED(417, "Expectation failed"),
  UNPROCESSABLE(422, "Unprocessable request"),
  UNKNOWN_PRODUCT(422, "Unknown product"),
  AMOUNT_MISMATCH(422, "Amount does not match"),
  IDEMPOTENCY_KEY_REUSED(422, "Idempotency key reused"),
  RATE_LIMITED(429, "Too many requests"),
  HEADERS_TOO_LARGE(431, "Request header fields too large"),
  INTERNAL_ERROR(500, "Internal error"),
  BAD_GATEWAY(502, "Bad gateway"),
  OVERLOADED(503, "Overloaded"),
  SERVICE_UNAVAILABLE(503, "Service unavailable"),
  GATEWAY_TIMEOUT(504, "Gateway time-out"),
  DEADLINE_EXCEEDED(504, "Deadline exceeded");

  private static final Map<String, ProblemType> BY_URI =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(ProblemType::uri, Function.identity()));

  private final int status;
  private final String title;
  private final String uri;

  ProblemType(int status, String title) {
    this.status = status;
    this.title = title;
    this.uri = "/problems/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The HTTP status that answers it. */
  public int status() {
    return status;
  }

  /** The short text, the same for every occurrence. */
  public String title() {
    return title;
  }

  /**
   * The {@code type} member: a reference relative to the server, {@code /problems/expired-token}.
   */
  public String uri() {
    return uri;
  }

  /** The type that a {@code type} member names, if it is one of ours. */
  public static Optional<ProblemType> of(String uri) {
    return Optional.ofNullable(uri).map(BY_URI::get);
  }
}
