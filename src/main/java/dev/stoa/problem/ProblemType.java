package dev.stoa.problem;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The catalogue of everything that can go wrong, each with its status and its title (RFC 9457,
 * section 3.1), and with what people are told who look it up.
 */
public enum ProblemType {
  MALFORMED_REQUEST(
      400,
      "Malformed request",
      "no JSON object, or a request that is none",
      "Send a JSON object in UTF-8, each key once, and a path without dot segments."),
  INVALID_INPUT(
      400,
      "Invalid input",
      "fields or parameters at fault, in `errors`",
      "Mend each field that `errors` names: `field` says where, `reason` what was expected."),
  MISSING_TOKEN(
      401,
      "Authentication required",
      "a token is needed",
      "Log in with `POST /api/auth/login` and send `Authorization: Bearer <token>`."),
  MALFORMED_TOKEN(
      401,
      "Malformed token",
      "it is no JWT",
      "Send the token exactly as the login answered it, after `Bearer` and one blank."),
  EXPIRED_TOKEN(
      401,
      "Token expired",
      "log in again",
      "Log in again; `expires_in` of the login says how many seconds a token lives."),
  INVALID_TOKEN(
      401,
      "Invalid token",
      "not signed by a key of ours, or not valid yet",
      "Log in again. If that does not help, processes differ in `auth.jwt_secret`, `auth.keys` or their clocks."),
  BAD_CREDENTIALS(
      401,
      "Wrong username or password",
      "unknown user or wrong password: the same answer, after the same time",
      "Check both; which of them is wrong is not told."),
  PAYMENT_DECLINED(
      402,
      "Payment declined",
      "by the provider; `payment_id` and `status` come with it; pay again",
      "Pay again, with another method or later: the order keeps its stock until `expires_at`."),
  FORBIDDEN(
      403,
      "Forbidden",
      "a role is missing, or it is somebody else's",
      "Use an account that has the role, or that owns what was asked for."),
  NOT_FOUND(
      404,
      "Not found",
      "also what belongs to somebody else",
      "Check the id, and who is logged in: what belongs to somebody else is answered as if it were not there."),
  ROUTE_NOT_FOUND(
      404,
      "No such route",
      "no route leads from this path",
      "Check the path against `/api/openapi.json`, or add a route to `routes.yaml`."),
  SERVICE_NOT_FOUND(
      404,
      "No such service",
      "no service of this name, or a path that it keeps to itself",
      "Check the name; admins see at `/api/admin/services` what is known."),
  METHOD_NOT_ALLOWED(
      405,
      "Method not allowed",
      "`Allow` tells which are",
      "Use a method that the header `Allow` names."),
  REQUEST_TIMEOUT(
      408,
      "Request time-out",
      "the body stopped coming",
      "Send the request again, without pauses."),
  CONFLICT(
      409,
      "Conflict",
      "something else is under way or was done",
      "Read what is there now, and decide again."),
  USERNAME_TAKEN(409, "Username already taken", "in any case of letters", "Choose another name."),
  INSUFFICIENT_STOCK(
      409,
      "Insufficient stock",
      "`errors` names the items",
      "Order less of the items that `errors` names, or wait: holds lapse, and stock comes back."),
  ILLEGAL_TRANSITION(
      409,
      "Illegal status transition",
      "`from` and `to` say which",
      "Read the order: from its status only some others can be reached."),
  ALREADY_PAID(
      409,
      "Order already paid",
      "an order is paid once",
      "Nothing is left to be done; read the payment with `GET /api/payments?order_id=…`."),
  REQUEST_IN_FLIGHT(
      409,
      "Request in flight",
      "the first request with this `Idempotency-Key` is not answered yet; `Retry-After`",
      "Wait as long as `Retry-After` says and send the same request again; the answer will be that of the first."),
  OUTCOME_UNKNOWN(
      409,
      "Outcome unknown",
      "nobody knows how the first request with this `Idempotency-Key` ended: look, then use a new key",
      "Look whether the work was done; if not, send it with a new key."),
  REPLY_NOT_KEPT(
      409,
      "Reply not kept",
      "the first request with this `Idempotency-Key` was answered (`first_status`), with more than is kept",
      "It was done, with the status `first_status`; read what came of it."),
  PAYLOAD_TOO_LARGE(
      413,
      "Request body too large",
      "above `max_body`, or 1 MB at a service",
      "Send less, or raise `max_body` of the route."),
  URI_TOO_LONG(
      414,
      "Request target too long",
      "the path and its query are above 8 KiB",
      "Send less in the query."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported media type",
      "send `application/json`",
      "Set `Content-Type: application/json`."),
  EXPECTATION_FAILED(
      417,
      "Expectation failed",
      "`Expect` asks for something else than `100-continue`",
      "Leave the header `Expect` away."),
  UNPROCESSABLE(
      422,
      "Unprocessable request",
      "well-formed and impossible, such as two currencies in one order",
      "Read `detail`: sent again as it is, the request fails again."),
  UNKNOWN_PRODUCT(
      422,
      "Unknown product",
      "`errors` names the items",
      "Take the items that `errors` names out of the order."),
  AMOUNT_MISMATCH(
      422,
      "Amount does not match",
      "it is not what the order costs",
      "Read the order, and pay its `total_amount` in its `currency`."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "Idempotency key reused",
      "the key came with another request before",
      "Use a new key for each request, and the same key only for copies of it."),
  RATE_LIMITED(
      429,
      "Too many requests",
      "`Retry-After`",
      "Wait as long as `Retry-After` says; `RateLimit` and `RateLimit-Policy` tell what is allowed."),
  HEADERS_TOO_LARGE(
      431,
      "Request header fields too large",
      "above 16 KiB, or more than 100 fields",
      "Send fewer and smaller header fields; cookies are often the reason."),
  INTERNAL_ERROR(
      500,
      "Internal error",
      "a bug; the log knows it by its `request_id`",
      "Tell whoever runs the system the `request_id`."),
  BAD_GATEWAY(
      502,
      "Bad gateway",
      "the upstream broke off or spoke no HTTP",
      "Try again. A POST may have been done: send it with an `Idempotency-Key`."),
  OVERLOADED(
      503,
      "Overloaded",
      "too much work waits; `Retry-After`",
      "Nothing was done. Wait as long as `Retry-After` says, and try again."),
  SERVICE_UNAVAILABLE(
      503,
      "Service unavailable",
      "no instance of the service, or its database is away; `Retry-After`",
      "Wait as long as `Retry-After` says, and try again."),
  GATEWAY_TIMEOUT(
      504,
      "Gateway time-out",
      "the upstream did not answer in time",
      "Try again. A POST may have been done: send it with an `Idempotency-Key`."),
  DEADLINE_EXCEEDED(
      504,
      "Deadline exceeded",
      "the time for the whole request was over; what was not begun is not done",
      "Try again later, or give it more time (`timeout`, `deadline`, `X-Request-Timeout-Ms`).");

  private static final Map<String, ProblemType> BY_URI =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(ProblemType::uri, Function.identity()));

  private final int status;
  private final String title;
  private final String meaning;
  private final String advice;
  private final String uri;

  ProblemType(int status, String title, String meaning, String advice) {
    this.status = status;
    this.title = title;
    this.meaning = meaning;
    this.advice = advice;
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

  /** When it is answered: half a sentence, with code in backquotes. README.md says the same. */
  public String meaning() {
    return meaning;
  }

  /** What whoever gets it can do: a sentence or two, with code in backquotes. */
  public String advice() {
    return advice;
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
